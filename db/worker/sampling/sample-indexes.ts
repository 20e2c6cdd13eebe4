import type { IndexVerdict } from '../../checks/index-finding'
import { indexHealth } from '../../checks/index-health'
import { latestMeasurements } from '../../console/health-checks'
import { insertRows } from '../../console/history/insert-rows'
import { DATABASE_SIZE, FINDING_COUNT, INDEX_SAMPLE } from '../../console/history/series'
import { databases } from '../../reads/databases'
import { runRead } from '../../server/run-read'
import { inDatabase } from '../../server/target'
import { failedWith, nothing, type Place, type Task } from './memory'

/** The databases that there are, with their sizes: written where they changed. */
export const sampleSizes: Task = async (place) => {
  const read = await runRead(place.target, databases, {})
  if (!read.ok) return failedWith(read.problem)
  const { memory, no, session } = place
  memory.visitable = read.value.map(({ datname }) => datname)
  const datids = new Map([...memory.databases].map(([datid, { datname }]) => [datname, datid]))
  const changed = read.value.filter(({ datname, bytes }) => bytes !== null && datids.has(datname) && memory.sizes.get(datname) !== bytes)
  await session.transaction((query) =>
    insertRows(
      query,
      DATABASE_SIZE,
      no,
      place.now(),
      changed.map(({ datname, bytes }) => ({ datid: datids.get(datname), bytes })),
    ),
  )
  for (const { datname, bytes } of changed) if (bytes !== null) memory.sizes.set(datname, bytes)
  return nothing
}

/** Size, estimated live size and scans of the indexes of a database that changed since the last look, and how many had which verdict. */
export async function sampleIndexes(place: Place, database: string) {
  const { memory, no, serverId, session, target } = place
  const datid = [...memory.databases].find(([, { datname }]) => datname === database)?.[0]
  if (datid === undefined) return nothing
  const health = await indexHealth(inDatabase(target, database), await latestMeasurements(serverId, database))
  if (!health.ok) return failedWith(health.problem)
  const { findings, summary } = health.value
  const rows = findings.map(({ indexrelid, bytes, bloatBytes, idxScan, trust }) => ({
    datid,
    indexrelid,
    bytes,
    live_bytes: bytes === null || bloatBytes === null ? null : Math.max(0, bytes - bloatBytes),
    idx_scan: idxScan,
    plus_minus: trust.kind === 'estimated' ? trust.plusMinus : trust.kind === 'exact' ? 0 : null,
  }))
  const keyed = rows.map((row) => ({ row, key: `${datid} ${row.indexrelid}`, text: JSON.stringify(row) }))
  const changed = keyed.filter(({ key, text }) => memory.indexes.get(key) !== text)
  await session.transaction(async (query) => {
    const at = place.now()
    await insertRows(
      query,
      INDEX_SAMPLE,
      no,
      at,
      changed.map(({ row }) => row),
    )
    const verdicts = Object.entries(summary.counts) as [IndexVerdict, number][]
    await insertRows(
      query,
      FINDING_COUNT,
      no,
      at,
      verdicts.map(([verdict, found]) => ({ datid, verdict, found, bytes: summary.reclaim[verdict] })),
    )
  })
  for (const { key, text } of changed) memory.indexes.set(key, text)
  return nothing
}
