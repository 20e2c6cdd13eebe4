import { replicationSample } from '../replication/reads/replication-sample'
import { runRead } from '../server/run-read'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Task } from './memory'
import { SLOT_SAMPLE, STANDBY_SAMPLE } from './series'

/** How far each standby is, and what each slot keeps. A server without either leaves no rows. */
export const sampleReplication: Task = async (place) => {
  const read = await runRead(place.target, replicationSample, {})
  if (!read.ok) return failedWith(read.problem)
  const { standbys = [], slots = [] } = read.value[0] ?? {}
  if (standbys.length === 0 && slots.length === 0) return nothing
  await place.session.transaction(async (query) => {
    const at = place.now()
    await insertRows(query, STANDBY_SAMPLE, place.no, at, standbys)
    await insertRows(query, SLOT_SAMPLE, place.no, at, slots)
  })
  return nothing
}
