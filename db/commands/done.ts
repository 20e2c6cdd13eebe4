import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Before, Done } from './define-command'
import { commandRelation } from './facts/relation'
import { nameKey } from './facts/replaced'
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

/**
 * Indexes were rebuilt when none of the former files is left, but for those that CONCURRENTLY cannot rebuild. What was dropped or detached
 * meanwhile was not. Errors: as indexesSince.
 */
export async function indexesRebuilt(target: Target, before: Before): Promise<Result<Done>> {
  const since = await indexesSince(target, before)
  if (!since.ok) return since
  const { kept, gone } = since.value
  if (kept.length + gone.length === before.files.length) return ok('no')
  return ok(gone.length === 0 && kept.every(({ why }) => why !== null) ? 'yes' : 'partly')
}

/** An index that lies in its former file; `why`: what keeps CONCURRENTLY from rebuilding it with its table. */
export interface KeptIndex {
  relname: string
  why: string | null
}

/** What became of the indexes of a table, or of a partitioned index, in the order of their names. */
export interface IndexesSince {
  kept: KeptIndex[]
  /** Those that are none of its any more. */
  gone: string[]
  /** Those that came meanwhile. */
  come: string[]
}

/** Errors: conflict where the table or the partitioned index is gone, so that nothing of it can be counted; and as its reads. */
export async function indexesSince(target: Target, { object, files, input }: Before): Promise<Result<IndexesSince>> {
  const [found, states] = await Promise.all([
    runRead(target, commandRelation, { oid: object.oid }),
    runRead(target, relationStates, { oids: files.map(({ oid }) => oid) }),
  ])
  if (!found.ok) return found
  if (!states.ok) return states
  const [relation] = found.value
  if (!relation) return failed('conflict', `${object.schemaname}.${object.relname} is gone`)
  const here = [...relation.indexes, ...relation.toast_indexes]
  const isKnown = files.every(({ relname }) => relname !== undefined) // else the run is older than that
  const [oids, names] = [new Set(here.map(({ indexrelid }) => indexrelid)), new Set(here.map(nameKey))]
  const [oidsThen, namesThen] = [new Set(files.map(({ oid }) => oid)), new Set(files.map(nameKey))]
  const gone = isKnown ? files.filter((file) => !oids.has(file.oid) && !names.has(nameKey(file))) : []
  const come = isKnown
    ? relation.indexes.filter((index) => index.indisvalid && !oidsThen.has(index.indexrelid) && !namesThen.has(nameKey(index)))
    : []
  const former = new Map(files.map(({ oid, relfilenode }) => [oid, relfilenode]))
  const goneOids = new Set(gone.map(({ oid }) => oid))
  const isBeside = input?.concurrently !== false
  return ok({
    kept: states.value
      .filter(({ oid, relfilenode }) => former.get(oid) === relfilenode && !goneOids.has(oid))
      .map((state): KeptIndex => ({ relname: state.relname, why: isBeside ? whyLeftOut(state) : null }))
      .sort((a, b) => (a.relname < b.relname ? -1 : 1)),
    gone: gone.map(({ relname }) => relname ?? '').sort(),
    come: come.map(({ relname }) => relname).sort(),
  })
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
