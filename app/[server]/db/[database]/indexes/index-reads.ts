import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import type { IndexUsage, MissingIndexes } from '@/components/indexes/answers'
import type { DescribedIndex } from '@/components/indexes/described'
import type { LastCheck } from '@/components/indexes/health-check'
import { indexByName } from '@/db/commands/facts/state'
import { type HealthCheck, latestHealthCheck, latestMeasurements, measurementsOf } from '@/db/console/health-checks'
import { historyBegin, toldRange } from '@/db/history/begin'
import { isBreak, type TimeMark, timeMarks } from '@/db/history/events'
import { formerName, indexChain } from '@/db/history/index-chain'
import { indexPast } from '@/db/history/index-first-seen'
import { indexHistory, indexUsage } from '@/db/history/indexes'
import type { TimeRange } from '@/db/history/range'
import { foreignKeyWithoutIndex } from '@/db/indexes/checks/foreign-key-without-index'
import { describeIndex } from '@/db/indexes/describe-index'
import type { StoredMeasurement } from '@/db/indexes/index-measurement'
import { type IndexList, listIndexes, type listIndexesParams } from '@/db/indexes/list-indexes'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'

/** A page of the indexes of a place, with what the console has measured there. */
export async function readIndexList(place: Place, params: z.input<typeof listIndexesParams>): Promise<Result<IndexList>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  return listIndexes(
    target.value,
    params,
    await latestMeasurements(place.server, place.database),
    await indexPast(place.server, place.database),
  )
}

/**
 * One index of a place with its evidence, by an OID that it has or had before a rebuild. Its history goes on through rebuilds. Errors:
 * conflict where no index has or had the OID.
 */
export async function readIndex(place: Place, asked: number): Promise<Result<DescribedIndex>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const { server, database } = place
  const range = lastDays()
  const [newest, marks] = await Promise.all([latestMeasurements(server, database), marksOf(place, range)])
  const described = await describedOf(target.value, place, asked, newest)
  if (!described.ok) return described
  const { finding, detail } = described.value
  const oids = await indexChain(server, database, { schemaname: finding.schemaname, relname: finding.indexrelname }, finding.indexrelid)
  const [measured, history, begin] = await Promise.all([
    measurementsOf(server, database, oids),
    indexHistory(server, database, oids, range),
    historyBegin(server),
  ])
  const measurements = measured.map((one) => ({ ...one, current: one.relfilenode === detail.relfilenode }))
  return ok({ ...described.value, measurements, history, begin, marks })
}

/** By the OID, or where that is gone by the name that it had: an address that was kept leads to the index that was rebuilt. */
async function describedOf(target: Target, { server, database }: Place, asked: number, newest: StoredMeasurement[]) {
  const past = await indexPast(server, database)
  const described = await describeIndex(target, asked, newest, past)
  if (described.ok || described.problem.kind !== 'conflict') return described
  const name = await formerName(server, database, asked)
  if (!name) return described
  const now = await runRead(target, indexByName, name)
  const [index] = now.ok ? now.value : []
  return index && index.oid !== asked ? describeIndex(target, index.oid, newest, past) : described
}

/** Scans of all indexes of a place over time, and what explains a step in it. */
export async function readIndexUsage(place: Place): Promise<Result<IndexUsage>> {
  const begin = await historyBegin(place.server)
  const { range } = toldRange(lastDays(), begin)
  const [usage, marks] = await Promise.all([indexUsage(place.server, place.database, range), marksOf(place, range)])
  return ok({ ...usage, begin, marks })
}

const HISTORY_MS = 30 * 86_400_000
const lastDays = (): TimeRange => ({ from: new Date(Date.now() - HISTORY_MS), to: new Date() })

/** Only what changes indexes or their counters. */
const marksOf = async ({ server, database }: Place, range: TimeRange): Promise<TimeMark[]> =>
  (await timeMarks(server, range, database)).filter((mark) => mark.kind === 'run' || mark.kind === 'statistics reset' || isBreak(mark))

/** What "Run health check" said the last time; null when it was never run here. */
export async function lastHealthCheck({ server, database }: Place): Promise<LastCheck | null> {
  const last = await latestHealthCheck(server, database)
  return last && asLastCheck(last)
}

/** What the page shows of a health check; the rows themselves stay in the console database. */
export const asLastCheck = ({ startedAt, durationMs, requestedBy, indexHealth, indexBloat, problems }: HealthCheck): LastCheck => ({
  startedAt: startedAt.toISOString(),
  durationMs,
  requestedBy,
  indexHealth: indexHealth.length,
  indexBloat: indexBloat.length,
  problems,
})

/** Indexes that are proposed, worst first: of foreign keys without one. */
export async function readMissingIndexes(place: Place, limit: number): Promise<Result<MissingIndexes>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const found = await foreignKeyWithoutIndex.look(target.value)
  return found.ok ? ok({ findings: found.value.slice(0, limit), total: found.value.length }) : found
}
