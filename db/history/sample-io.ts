import { ioByBackend } from '../cache/reads/io-by-backend'
import { runRead } from '../server/run-read'
import { byColumn, countersOf, deltaOf } from './delta'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Task } from './memory'
import { IO_DELTA, IO_SUMS } from './series-of-use'

/** After a longer silence, in ms, the next values are a new baseline. */
const GAP_MS = 5 * 60_000

/** What each kind of backend read and wrote since the last look. Before 16 no view tells. */
export const sampleIo: Task = async ({ elapsed, memory, no, now, session, target }) => {
  const read = await runRead(target, ioByBackend, {})
  if (!read.ok) return read.problem.kind === 'unsupported_version' ? nothing : failedWith(read.problem)
  const at = elapsed()
  const reset = read.value[0]?.stats_reset ?? null
  const before = memory.io && at - memory.io.at <= GAP_MS ? memory.io : null
  const seen = read.value.map((row) => {
    const { backend_type, object, context } = row
    return { key: `${backend_type} ${object} ${context}`, names: { backend_type, object, context }, counters: countersOf(row, IO_SUMS) }
  })
  const rows = seen.flatMap(({ key, names, counters }) => {
    const delta = before && deltaOf(before.counters.get(key), counters, before.reset !== reset)
    return delta ? [{ ...names, ...byColumn(delta, IO_SUMS) }] : []
  })
  await session.transaction((query) => insertRows(query, IO_DELTA, no, now(), rows))
  memory.io = { at, reset, counters: new Map(seen.map(({ key, counters }) => [key, counters])) }
  return nothing
}
