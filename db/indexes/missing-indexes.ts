import type { RelationFinding } from '../checks/define-check'
import { createIndexRequest } from '../commands/create-index/request'
import { formatBytes, formatCount } from '../domain/format'
import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { createIndexSql, type ProposedIndex, possibleNames, proposedIndex } from './foreign-key-proposal'
import { unserved } from './foreign-key-service'
import { foreignKeyServices } from './foreign-key-services'
import { foreignKeys } from './reads/foreign-keys'
import { relationNames } from './reads/relation-names'

/** A table of this size is read in some 10 ms, once for every row that is deleted from the referenced one. */
const WARN_BYTES = 10 * 1024 * 1024

/** An index that is not there, and that one foreign key or several ask for. It stands in the list of indexes, and in none of their sums. */
export interface MissingIndex {
  verdict: 'missing'
  /** The OID of the first of its foreign keys, negative: constraints and indexes are numbered apart, and a list holds both. */
  id: number
  /** The columns that it would begin with, in the key's order. */
  columns: string[]
  /** Rows that were deleted from the referenced tables since statistics began; each read `readBytes`. */
  deleted: string
  /** null where a lock hides it. */
  readBytes: number | null
  /** What the advisory says of it: the evidence, and the command that builds it. */
  finding: RelationFinding
}

/** Keys that no index serves, with the tables where it lacks; how many tables each key's check reads. Errors: as runRead. */
export async function unservedKeys(target: Target): Promise<Result<{ keys: ForeignKey[]; partitions: Map<number, number> }>> {
  const partitions = new Map<number, number>()
  const known = await foreignKeyServices(target)
  if (!known.ok) return known
  const lacking = unserved(known.value.candidates, known.value.services)
  if (lacking.size === 0) return ok({ keys: [], partitions })
  const asked = [...lacking].flatMap(([key, tables]) => tables.map((table) => [key, table] as const))
  const keys = await runRead(target, foreignKeys, { keys: asked.map(([key]) => key), tables: asked.map(([, table]) => table) })
  if (!keys.ok) return keys
  for (const [key, rows] of Map.groupBy(known.value.candidates, ({ key }) => key))
    partitions.set(key, new Set(rows.map(({ relid }) => relid)).size)
  return ok({ keys: keys.value, partitions })
}

type ForeignKey = Row<typeof foreignKeys>

/** What one index would serve: keys of the same table that need the same. */
interface Lack {
  keys: [ForeignKey, ...ForeignKey[]]
  index: ProposedIndex | null
}

/** Every index that is missing, that of the largest table first. Errors: as runRead. */
export async function missingIndexes(target: Target): Promise<Result<MissingIndex[]>> {
  const unservedOnes = await unservedKeys(target)
  if (!unservedOnes.ok) return unservedOnes
  const { keys, partitions } = unservedOnes.value
  if (keys.length === 0) return ok([])
  const lacks = new Map<string, Lack>()
  for (const key of keys) {
    const index = proposedIndex(key, partitions.get(key.oid) ?? 0)
    const place = index === null ? String(key.oid) : createIndexSql(index, 'name')
    const same = lacks.get(place)
    if (same) same.keys.push(key)
    else lacks.set(place, { keys: [key], index })
  }
  const wanted = [...lacks.values()]
  const names = wanted.flatMap(({ index }) => (index ? possibleNames(index).map((name) => [index.schemaname, name] as const) : []))
  const found = await runRead(target, relationNames, { schemas: names.map(([schema]) => schema), names: names.map(([, name]) => name) })
  if (!found.ok) return found
  const taken = new Set(found.value.map(({ schemaname, relname }) => qualified(schemaname, relname)))
  const ranked = wanted.map((lack) => ({ lack, size: sizeOf(lack.keys) ?? 0 })).sort((a, b) => b.size - a.size)
  return ok(ranked.map(({ lack }) => missing(lack, freeName(lack.index, taken))))
}

/** The first name that nothing has and no finding before this one proposed; null where there is none, or nothing to build. */
function freeName(index: ProposedIndex | null, taken: Set<string>): string | null {
  if (index === null) return null
  const name = possibleNames(index).find((possible) => !taken.has(qualified(index.schemaname, possible)))
  if (name === undefined) return null
  taken.add(qualified(index.schemaname, name))
  return name
}

/** Bytes that a check reads; null where some cannot be known. */
export const sizeOf = ([{ tables }]: [Pick<ForeignKey, 'tables'>, ...unknown[]]): number | null =>
  tables.reduce<number | null>((sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes), 0)

function missing({ keys, index }: Lack, name: string | null): MissingIndex {
  const [first] = keys
  return {
    verdict: 'missing',
    id: -first.oid,
    columns: first.columns,
    // Keys to one table count its rows once.
    deleted: String(
      [...new Map(keys.map(({ referenced, deleted }) => [referenced, BigInt(deleted)])).values()].reduce((a, b) => a + b, 0n),
    ),
    readBytes: sizeOf(keys),
    finding: finding({ keys, index }, name),
  }
}

function finding({ keys, index }: Lack, name: string | null): RelationFinding {
  const [key] = keys
  const bytes = sizeOf(keys)
  const deleted = keys.some((one) => one.deleted !== '0')
  const names = keys.map(({ conname }) => identifier(conname)).join(', ')
  const definition = index && name !== null ? createIndexSql(index, name) : null
  return {
    kind: 'relation',
    what: 'table',
    title: `Foreign key${keys.length > 1 ? 's' : ''} ${names} of ${qualified(key.schemaname, key.relname)} ${keys.length > 1 ? 'have' : 'has'} no index`,
    evidence: [...keys.map((one) => costOf(one, bytes)), ...rulesOf(key, bytes, deleted, definition !== null)].join(' '),
    trust: { kind: 'exact' },
    severity: deleted && (bytes ?? 0) >= WARN_BYTES ? 'warn' : 'info',
    schemaname: key.schemaname,
    relname: key.relname,
    oid: key.oid,
    part: key.conname,
    // Also for a partitioned table: create-index builds it on one partition after another.
    fix: definition === null ? null : createIndexRequest({ definition, concurrently: true }),
    sql: definition === null ? null : `${definition};`,
  }
}

function costOf(key: ForeignKey, bytes: number | null): string {
  const [only, ...more] = key.tables
  const table = qualified(key.schemaname, key.relname)
  const parts = !key.partitioned || only?.relid === key.relid ? table : `${more.length + 1} of its partitions`
  const read = more.length === 0 && only ? qualified(only.schemaname, only.relname) : parts
  const size = bytes === null ? '' : ` (${formatBytes(bytes)})`
  return `Each row deleted from ${key.referenced}, or whose key changes there, causes a Seq Scan of ${read}${size}; on delete ${key.on_delete}. ${formatCount(key.deleted, 'row')} deleted there since statistics began.`
}

/** When it matters, and why nothing is proposed where nothing is. */
function rulesOf(key: ForeignKey, bytes: number | null, deleted: boolean, proposes: boolean): string[] {
  return [
    ...(deleted ? [] : ['Without deletes and key changes there it costs nothing.']),
    ...(bytes !== null && bytes < WARN_BYTES ? [`Small: below ${formatBytes(WARN_BYTES)} reading all of it takes about 10 ms.`] : []),
    ...(key.partitioned && key.tables.some(({ relid }) => relid === key.relid)
      ? ['It has no partition yet; those to come would lack it.']
      : []),
    ...(proposes
      ? []
      : [
          'No index can be proposed: what the check compares has no operator class here, or goes through a function that is not immutable.',
        ]),
  ]
}
