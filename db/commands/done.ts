import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Before, Done } from './define-command'
import { commandRelation } from './facts/relation'
import { indexByName, relationStates } from './facts/state'

/**
 * An index was rebuilt when its name leads to a valid index that is another one, or lies in another file. The old one may
 * be there still, as _ccold: REINDEX CONCURRENTLY swaps the names before it drops it. Of a partitioned index no file of
 * a partition's index may be left.
 */
export async function indexRebuilt(target: Target, before: Before): Promise<Result<Done>> {
  const { object, files } = before
  const named = await runRead(target, indexByName, { schemaname: object.schemaname, relname: object.relname })
  if (!named.ok) return named
  const [index] = named.value
  if (!index?.indisvalid) return ok('no')
  const isPartitioned = files.length !== 1 || files[0]?.oid !== object.oid
  if (isPartitioned) return indexesRebuilt(target, before)
  return ok(index.oid === object.oid && index.relfilenode === object.relfilenode ? 'no' : 'yes')
}

/** Indexes were rebuilt when none of the former files is left, but for those that CONCURRENTLY cannot rebuild. */
export async function indexesRebuilt(target: Target, before: Before): Promise<Result<Done>> {
  const kept = await indexesKept(target, before)
  if (!kept.ok) return kept
  const all = before.files.length
  if (kept.value.length === all) return ok('no')
  return ok(kept.value.every(({ why }) => why !== null) ? 'yes' : 'partly')
}

/** An index that lies in its former file; `why`: what keeps CONCURRENTLY from rebuilding it with its table. */
export interface KeptIndex {
  relname: string
  why: string | null
}

/** Of a partitioned table or index: which former indexes are none of its any more, and which came meanwhile. Errors: as its read. */
export async function partsSince(target: Target, { object, files }: Before): Promise<Result<{ gone: string[]; come: string[] }>> {
  const found = await runRead(target, commandRelation, { oid: object.oid })
  if (!found.ok) return found
  const [relation] = found.value
  const isKnown = files.every(({ relname }) => relname !== undefined) // else the run is older than that
  if (!isKnown || !relation || (relation.relkind !== 'p' && relation.relkind !== 'I')) return ok({ gone: [], come: [] })
  const key = ({ schemaname, relname }: { schemaname?: string; relname?: string }) => JSON.stringify([schemaname, relname])
  const [then, now] = [new Set(files.map(key)), new Set(relation.indexes.map(key))]
  const names = (list: { relname?: string }[]) => list.map(({ relname }) => relname ?? '').sort()
  return ok({
    gone: names(files.filter((file) => !now.has(key(file)))),
    come: names(relation.indexes.filter((index) => index.indisvalid && !then.has(key(index)))),
  })
}

/** Which of the former indexes a rebuild has left as they were, in the order of their names. Errors: as its read. */
export async function indexesKept(target: Target, { files, input }: Before): Promise<Result<KeptIndex[]>> {
  const states = await runRead(target, relationStates, { oids: files.map(({ oid }) => oid) })
  if (!states.ok) return states
  const former = new Map(files.map(({ oid, relfilenode }) => [oid, relfilenode]))
  const kept = states.value.filter(({ oid, relfilenode }) => former.get(oid) === relfilenode)
  const isBeside = input?.concurrently !== false
  return ok(
    kept
      .map((state): KeptIndex => ({ relname: state.relname, why: isBeside ? whyLeftOut(state) : null }))
      .sort((a, b) => (a.relname < b.relname ? -1 : 1)),
  )
}

/**
 * Why REINDEX CONCURRENTLY of a table leaves an index out; null: it does not (manual: REINDEX, Rebuilding Indexes Concurrently). A
 * temporal key of 18 (WITHOUT OVERLAPS) is an exclusion constraint in pg_index, too.
 */
export function whyLeftOut({ indisexclusion, indisvalid }: { indisexclusion: boolean | null; indisvalid: boolean | null }): string | null {
  if (indisexclusion) return "the server cannot rebuild an exclusion constraint's or a temporal key's index concurrently"
  return indisvalid === false ? 'the server leaves an invalid index out of a concurrent rebuild of its table' : null
}

/** VACUUM notes its end in the statistics of each table; VACUUM FULL makes a new file. */
export const vacuumed = (target: Target, before: Before): Promise<Result<Done>> => maintained(target, before, 'last_vacuum')

/** ANALYZE notes its end in the statistics of each table. */
export const analyzed = (target: Target, before: Before): Promise<Result<Done>> => maintained(target, before, 'last_analyze')

async function maintained(target: Target, { at, files }: Before, noted: 'last_vacuum' | 'last_analyze'): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: files.map(({ oid }) => oid) })
  if (!states.ok) return states
  const former = new Map(files.map(({ oid, relfilenode }) => [oid, relfilenode]))
  const rewritten = ({ oid, relfilenode }: { oid: number; relfilenode: number }) =>
    noted === 'last_vacuum' && former.get(oid) !== relfilenode
  const done = states.value.filter((state) => (state[noted] ?? 0) >= at || rewritten(state)).length
  if (done === 0) return ok('no')
  return ok(done === files.length ? 'yes' : 'partly')
}

/** Gone is gone: an OID is not used again within a cluster's ordinary life. */
export async function indexDropped(target: Target, before: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: [before.object.oid] })
  if (!states.ok) return states
  return ok(states.value.length === 0 ? 'yes' : 'no')
}
