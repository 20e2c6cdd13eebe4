import { latestMeasurements, recordMeasurements } from '../console/health-checks'
import { databases } from '../databases/reads/databases'
import { statisticsWindow } from '../databases/reads/statistics-window'
import type { IndexVerdict } from '../indexes/index-finding'
import { indexHealth as judgeIndexes } from '../indexes/index-health'
import type { StoredMeasurement } from '../indexes/index-measurement'
import { indexGrowth } from '../indexes/reads/index-growth'
import { indexHealth } from '../indexes/reads/index-health'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { inDatabase } from '../server/target'
import { indexPast } from './index-first-seen'
import { insertRows } from './insert-rows'
import { filesOf, learnSizes } from './learn-sizes'
import { failedWith, nothing, type Place, type Task } from './memory'
import { nameIndexes } from './name-indexes'
import { seeIndexes } from './see-indexes'
import { DATABASE_SIZE, FINDING_COUNT, INDEX_SAMPLE } from './series'

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
  const known = await learn(place, database, datid)
  if (!known.ok) return failedWith(known.problem)
  const health = await judgeIndexes(inDatabase(target, database), known.value, await indexPast(serverId, database))
  if (!health.ok) return failedWith(health.problem)
  const { findings, summary } = health.value
  const clock = await runRead(inDatabase(target, database), statisticsWindow, {})
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
    const seenAt = clock.ok ? clock.value[0]?.server_now : undefined
    if (seenAt) await seeIndexes(query, no, datid, findings, seenAt)
    await nameIndexes(query, no, datid, findings, at)
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

/** Notes which indexes were built since the last look, and gives the newest measurements. */
async function learn({ memory, serverId, target, now }: Place, database: string, datid: number): Promise<Result<StoredMeasurement[]>> {
  const here = inDatabase(target, database)
  const [growth, tables] = await Promise.all([runRead(here, indexGrowth, {}), runRead(here, indexHealth, {})])
  const stored = await latestMeasurements(serverId, database)
  if (!growth.ok || !tables.ok) {
    memory.files.delete(datid)
    return growth.ok && !tables.ok ? tables : ok(stored)
  }
  const noted = new Set(stored.map(({ indexrelid, relfilenode }) => `${indexrelid} ${relfilenode}`))
  const learned = learnSizes(memory.files.get(datid), growth.value, now())
  const news = learned.filter(({ indexrelid, relfilenode }) => !noted.has(`${indexrelid} ${relfilenode}`))
  await recordMeasurements(serverId, database, news)
  memory.files.set(datid, filesOf(growth.value, tables.value, memory.files.get(datid)))
  return ok(news.length === 0 ? stored : await latestMeasurements(serverId, database))
}
