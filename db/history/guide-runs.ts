import { and, asc, desc, eq, isNotNull, lt, sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { type GuideChosen, guideRun } from '../console/schema-guide'
import type { GuideQueryName } from '../guide/queries/guide-query'
import type { GuideForm, GuideOutcome, GuideScope } from '../guide/run-query'

/** Whose tables were asked. */
export interface GuidePlace {
  serverId: string
  cluster: string
  database: string
  schemaname: string
}

export interface KeptRun {
  query: GuideQueryName
  form: GuideForm
  scope: GuideScope
  chosen: GuideChosen
  /** ISO. */
  at: string
  by: string
  executionMs: number | null
  queryid: string | null
  tableRows: Partial<Record<string, number>>
  outcome: GuideOutcome
}

/** A run that was measured: time against the rows that there were. */
export interface MeasuredPoint {
  query: GuideQueryName
  form: GuideForm
  at: string
  ms: number
  tableRows: Partial<Record<string, number>>
  chosen: GuideChosen
}

/** So many runs of one form of a query are kept; what is older than them goes. */
const MOST_RUNS = 300

const inPlace = ({ serverId, cluster, database, schemaname }: GuidePlace) =>
  and(eq(guideRun.serverId, serverId), eq(guideRun.cluster, cluster), eq(guideRun.database, database), eq(guideRun.schemaname, schemaname))

/** Keeps a run, and what it gave in place of what the one before gave. Errors: throws what the console database says. */
export async function keepGuideRun(place: GuidePlace, { queryid, at: _, ...run }: KeptRun): Promise<void> {
  const same = and(inPlace(place), eq(guideRun.query, run.query), eq(guideRun.form, run.form), eq(guideRun.scope, run.scope))
  await consoleDb().transaction(async (tx) => {
    await tx
      .update(guideRun)
      .set({ outcome: null })
      .where(and(same, isNotNull(guideRun.outcome)))
    await tx.insert(guideRun).values({ ...place, ...run, queryid: queryid === null ? null : BigInt(queryid) })
    const [oldest] = await tx.select({ id: guideRun.id }).from(guideRun).where(same).orderBy(desc(guideRun.id)).offset(MOST_RUNS).limit(1)
    if (oldest) await tx.delete(guideRun).where(and(same, lt(guideRun.id, oldest.id + 1)))
  })
}

/** The last run of each form of each query. */
export async function lastGuideRuns(place: GuidePlace): Promise<KeptRun[]> {
  const rows = await consoleDb()
    .selectDistinctOn([guideRun.query, guideRun.form, guideRun.scope])
    .from(guideRun)
    .where(and(inPlace(place), isNotNull(guideRun.outcome)))
    .orderBy(guideRun.query, guideRun.form, guideRun.scope, desc(guideRun.id))
  return rows.map(({ query, form, scope, chosen, at, by, executionMs, queryid, tableRows, outcome }) => ({
    ...{ query: query as GuideQueryName, form: form as GuideForm, scope: scope as GuideScope, chosen, by, executionMs, tableRows },
    ...{ at: at.toISOString(), queryid: queryid?.toString() ?? null, outcome: outcome as GuideOutcome },
  }))
}

/** Every kept run for one that ran to its end, oldest first. */
export async function guidePoints(place: GuidePlace): Promise<MeasuredPoint[]> {
  const rows = await consoleDb()
    .select({
      query: guideRun.query,
      form: guideRun.form,
      at: guideRun.at,
      ms: guideRun.executionMs,
      tableRows: guideRun.tableRows,
      chosen: guideRun.chosen,
    })
    .from(guideRun)
    .where(and(inPlace(place), eq(guideRun.scope, 'one'), sql`${guideRun.executionMs} is not null`))
    .orderBy(asc(guideRun.id))
  return rows.map(({ query, form, at, ms, ...rest }) => ({
    ...rest,
    ...{ query: query as GuideQueryName, form: form as GuideForm, at: at.toISOString(), ms: ms ?? 0 },
  }))
}
