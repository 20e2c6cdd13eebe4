import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Before, Done } from './define-command'
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

/** A table's indexes were rebuilt when none of the former files is left. */
export async function indexesRebuilt(target: Target, { files }: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: files.map(({ oid }) => oid) })
  if (!states.ok) return states
  const now = new Map(states.value.map((state) => [state.oid, state.relfilenode]))
  const left = files.filter(({ oid, relfilenode }) => now.get(oid) === relfilenode).length
  if (left === 0) return ok('yes')
  return ok(left === files.length ? 'no' : 'partly')
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
