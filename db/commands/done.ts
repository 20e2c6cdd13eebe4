import { ok, type Result } from '../target/problem'
import { runRead } from '../target/run-read'
import type { Target } from '../target/target'
import type { Before, Done } from './define-command'
import { indexByName, relationStates } from './facts/state'

/** An index was rebuilt when its name leads to a valid index and no former file (of it, or of its partitions) is left. */
export async function indexRebuilt(target: Target, before: Before): Promise<Result<Done>> {
  const named = await runRead(target, indexByName, { schemaname: before.object.schemaname, relname: before.object.relname })
  if (!named.ok) return named
  if (!named.value[0]?.indisvalid) return ok('no')
  return indexesRebuilt(target, before)
}

/** A table's indexes were rebuilt when none of the former files is left. */
export async function indexesRebuilt(target: Target, { files }: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: files.map(({ indexrelid }) => indexrelid) })
  if (!states.ok) return states
  const now = new Map(states.value.map((state) => [state.oid, state.relfilenode]))
  const left = files.filter(({ indexrelid, relfilenode }) => now.get(indexrelid) === relfilenode).length
  if (left === 0) return ok('yes')
  return ok(left === files.length ? 'no' : 'partly')
}

/** VACUUM notes its end in the statistics; VACUUM FULL makes a new file. */
export async function vacuumed(target: Target, before: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: [before.object.oid] })
  if (!states.ok) return states
  const [state] = states.value
  if (!state) return ok('no')
  const rewritten = before.object.relfilenode !== 0 && state.relfilenode !== before.object.relfilenode
  return ok(rewritten || (state.last_vacuum ?? 0) >= before.at ? 'yes' : 'no')
}

/** ANALYZE notes its end in the statistics. */
export async function analyzed(target: Target, before: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: [before.object.oid] })
  if (!states.ok) return states
  return ok((states.value[0]?.last_analyze ?? 0) >= before.at ? 'yes' : 'no')
}

/** Gone is gone: an OID is not used again within a cluster's ordinary life. */
export async function indexDropped(target: Target, before: Before): Promise<Result<Done>> {
  const states = await runRead(target, relationStates, { oids: [before.object.oid] })
  if (!states.ok) return states
  return ok(states.value.length === 0 ? 'yes' : 'no')
}
