import { consoleDb } from '../console/client'
import type { SampledScans } from '../indexes/index-past'
import { numberOf, rowsOf } from './range'
import { INDEX_SAMPLE } from './series'

const DAY_MS = 86_400_000
/** What was sampled no later than this before the moment is asked for; rows are written where something changed, or a worker began. */
const BACK_DAYS = 400
/** What stands there changes by a day in a day: an answer serves for so long. */
const KEEP_MS = 600_000

type Sampled = Map<number, Map<number, SampledScans>>

const known = new Map<string, { until: number; sampled: Sampled }>()

/**
 * The scans of each index of a database in the last sample before `before`, by the OIDs of the database and the index. A row that was rolled up
 * has the last value of its step: `at` is the step's end, when the counter stood there at the latest. Errors: throws what the console database says.
 */
export async function sampledScans(serverId: string, database: string, before: Date): Promise<Sampled> {
  const no = (await numberOf(serverId)) ?? -1
  const key = JSON.stringify([no, database, Math.floor(before.getTime() / KEEP_MS)])
  const last = known.get(key)
  if (last && last.until > Date.now()) return last.sampled
  const { from } = await rowsOf(no, INDEX_SAMPLE, { from: new Date(before.getTime() - BACK_DAYS * DAY_MS), to: before })
  const [hour = 3_600, day = 86_400] = INDEX_SAMPLE.steps
  const { rows } = await consoleDb().$client.query<{ datid: string; indexrelid: string; scans: string; at: Date }>(
    /* sql */ `
select distinct on (d.datid, d.indexrelid) d.datid, d.indexrelid, d.idx_scan::text as scans,
       d.at + case when d.at = to_timestamp(floor(extract(epoch from d.at) / ${day}) * ${day}) then interval '${day} s' else interval '${hour} s' end as at
  from ${from} d
 where d.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2) and d.idx_scan is not null
 order by d.datid, d.indexrelid, d.at desc`,
    [no, database],
  )
  const sampled: Sampled = new Map()
  for (const { datid, indexrelid, scans, at } of rows) {
    const here = sampled.get(Number(datid)) ?? new Map<number, SampledScans>()
    sampled.set(Number(datid), here.set(Number(indexrelid), { scans, at: at.toISOString() }))
  }
  for (const [old, { until }] of known) if (until <= Date.now()) known.delete(old)
  known.set(key, { until: Date.now() + KEEP_MS, sampled })
  return sampled
}
