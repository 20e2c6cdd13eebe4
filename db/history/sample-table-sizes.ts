import { runRead } from '../server/run-read'
import { inDatabase } from '../server/target'
import { tableSizes } from '../tables/reads/table-sizes'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Place } from './memory'
import { TABLE_SIZE } from './series'

/** The sizes of the tables of a database: written where they changed since the last look. */
export async function sampleTableSizes(place: Place, database: string) {
  const { memory, no, session, target } = place
  const datid = [...memory.databases].find(([, { datname }]) => datname === database)?.[0]
  if (datid === undefined) return nothing
  const read = await runRead(inDatabase(target, database), tableSizes, {})
  if (!read.ok) return failedWith(read.problem)
  const before = memory.tableSizes.get(datid)
  const seen = read.value.map(({ relid, heap_bytes, toast_bytes, index_bytes }) => ({
    row: { datid, relid, heap_bytes, toast_bytes, index_bytes },
    text: `${heap_bytes} ${toast_bytes} ${index_bytes}`,
  }))
  const changed = seen.filter(({ row, text }) => before?.get(row.relid) !== text)
  await session.transaction((query) =>
    insertRows(
      query,
      TABLE_SIZE,
      no,
      place.now(),
      changed.map(({ row }) => row),
    ),
  )
  // One that a lock hides at this look keeps what was known of it; one that is gone is forgotten with its database's next worker.
  memory.tableSizes.set(datid, new Map([...(before ?? []), ...seen.map(({ row, text }) => [row.relid, text] as const)]))
  return nothing
}
