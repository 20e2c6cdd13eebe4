import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found, Measured } from '../define-command'
import { commandRelation, commandSize, type Relation } from './relation'

/** A table or index as a command plans with it. */
export interface RelationFacts extends Relation {
  /** In bytes, as the command measures it; null behind an AccessExclusiveLock. */
  bytes: number | null
  /** Bytes of each index (of the index itself, of a table's, of the partitions'), by indexrelid. */
  parts: Record<string, number>
}

const TABLE = new Set(['r', 'm', 'p', 't'])
const INDEX = new Set(['i', 'I'])

/** Reads an index by OID. Errors: conflict when no index has that OID (any more). */
export const loadIndex = (target: Target, oid: number): Promise<Result<Found<RelationFacts>>> => load(target, oid, INDEX, 'relation')

/** Reads a table, materialized view or partitioned table by OID. Errors: conflict when there is none (any more). */
export const loadTable = (target: Target, oid: number, measures: Measured): Promise<Result<Found<RelationFacts>>> =>
  load(target, oid, TABLE, measures)

async function load(target: Target, oid: number, kinds: Set<string>, measures: Measured): Promise<Result<Found<RelationFacts>>> {
  const rows = await runRead(target, commandRelation, { oid })
  if (!rows.ok) return rows
  const [relation] = rows.value
  if (!relation || !kinds.has(relation.relkind)) return gone(kinds === INDEX ? 'index' : 'table', oid)
  const sizes = await sizesOf(target, oid)
  if (!sizes.ok) return sizes
  const object = {
    oid: relation.oid,
    schemaname: relation.schemaname,
    relname: relation.relname,
    relfilenode: relation.relfilenode,
    definition: relation.digest,
    relid: relation.relid,
  }
  const facts: RelationFacts = { ...relation, bytes: measures === 'nothing' ? null : sizes.value[measures], parts: sizes.value.parts }
  // Only where indexes are rebuilt does their size afterwards matter.
  return ok({ object, facts, indexes: measures === 'total' ? [] : relation.indexes })
}

const gone = (what: string, oid: number) =>
  failed('conflict', `There is no ${what} with OID ${oid} any more: it was dropped, or rebuilt concurrently, which gives it a new OID`, {
    hint: 'Reload the page and plan again.',
  })

export type Sizes = { [M in Exclude<Measured, 'nothing'>]: number | null } & { parts: Record<string, number> }

/** Sizes of a relation; unknown (null) while somebody holds or waits for an AccessExclusiveLock. */
export async function sizesOf(target: Target, oid: number): Promise<Result<Sizes>> {
  const rows = await runRead(target, commandSize, { oid })
  if (rows.ok) return ok(rows.value[0] ?? UNKNOWN)
  return rows.problem.kind === 'lock_not_available' || rows.problem.kind === 'timeout' ? ok(UNKNOWN) : rows
}

const UNKNOWN: Sizes = { relation: null, indexes: null, total: null, parts: {} }
