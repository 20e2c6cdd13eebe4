import type { Place } from '@/app/place'
import type { QueryLine, RunSummary, WorkloadModel } from '@/components/guide/workload-model'
import { findServer } from '@/db/console/servers'
import { readPlan } from '@/db/domain/plan'
import { clusterOf } from '@/db/findings/cluster-of'
import type { Guide } from '@/db/guide/find-guide'
import { planFacts } from '@/db/guide/plan-facts'
import { BARE, type GuideQueryName, inSchema } from '@/db/guide/queries/guide-query'
import { GUIDE_QUERIES } from '@/db/guide/queries/registry'
import { GUIDE_BUDGET_MS } from '@/db/guide/run-statement'
import { guideHistory } from '@/db/history/guide-history'
import { type GuidePlace, guidePoints, type KeptRun, lastGuideRuns } from '@/db/history/guide-runs'
import type { Explained } from '@/db/statements/explain-statement'
import { markedSql } from '@/db/statements/plan-marks'

/** Of pg_settings.block_size; PostgreSQL is hardly ever built with another. */
const BLOCK_SIZE = 8192

/** Rows of each table that was ever counted. */
export const rowsIn = (guide: Guide): Partial<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(guide.tables).flatMap(([table, { reltuples }]) => (reltuples > 0 ? [[table, Math.round(reltuples)]] : [])),
  )

/** Whose runs are kept, and shown. */
export async function guidePlace({ server, database }: Place, schemaname: string): Promise<GuidePlace> {
  const found = await findServer(server)
  return { serverId: server, cluster: found ? clusterOf(found) : '', database, schemaname }
}

/** Everything that the page shows: the five queries with their last runs, and one of them in full. Nothing of it is run here. */
export async function readWorkload(place: Place, guide: Guide, chosen: GuideQueryName): Promise<WorkloadModel> {
  const of = await guidePlace(place, guide.schema)
  const [runs, points] = await Promise.all([lastGuideRuns(of), guidePoints(of)])
  const runOf = (query: GuideQueryName, form: string, scope = 'one') =>
    runs.find((run) => run.query === query && run.form === form && run.scope === scope) ?? null
  const lines = await Promise.all(
    Object.values(GUIDE_QUERIES).map(async ({ name, title, takes, ranks, inPrint, needs, forAll }): Promise<QueryLine> => {
      const corrected = runOf(name, 'corrected')
      return {
        ...{ name, title, takes, ranks, inPrint, forAll: forAll !== undefined },
        missing: needs.filter((table) => !guide.tables[table]),
        corrected: summaryOf(corrected),
        printed: summaryOf(runOf(name, 'printed')),
        history: corrected?.queryid ? await guideHistory(place.server, place.database, corrected.queryid) : null,
      }
    }),
  )
  const query = GUIDE_QUERIES[chosen]
  const corrected = runOf(chosen, 'corrected')
  const choices = corrected?.chosen ?? { role: 'student', rows: 50 }
  const text = query.corrected(inSchema(guide.schema), choices)
  const json = corrected && (corrected.outcome.nodes ?? corrected.outcome.timed)
  const all = query.forAll
    ? { corrected: summaryOf(runOf(chosen, 'corrected', 'all')), printed: summaryOf(runOf(chosen, 'printed', 'all')) }
    : null
  return {
    schema: guide.schema,
    tableRows: rowsIn(guide),
    lines,
    blockSize: BLOCK_SIZE,
    budgetSeconds: GUIDE_BUDGET_MS / 1000,
    chosen: {
      name: chosen,
      columns: query.columns,
      picture: query.picture,
      printedColumns: query.comparison?.columns ?? [],
      correctedText: text.trim(),
      printedText: query.printed(BARE).trim(),
      corrected: corrected && shown(corrected),
      printed: shownOrNull(runOf(chosen, 'printed')),
      all,
      explained: json ? await explainedOf(text.trim(), json) : null,
      facts: json ? planFacts(json) : null,
      points: points.filter((point) => point.query === chosen),
    },
  }
}

const shown = ({ outcome: { timed: _, nodes: __, ...outcome }, ...run }: KeptRun) => ({ ...run, outcome })
const shownOrNull = (run: KeptRun | null) => run && shown(run)

function summaryOf(run: KeptRun | null): RunSummary | null {
  if (!run) return null
  const { outcome } = run
  const json = outcome.nodes ?? outcome.timed
  return {
    ...{ at: run.at, by: run.by, ms: run.executionMs, chosen: run.chosen, problem: outcome.problem, given: outcome.given },
    indexes: json ? planFacts(json).indexes : null,
    compared: outcome.comparison && !outcome.comparison.problem ? outcome.comparison.compared : null,
    figures: outcome.comparison?.figures ?? [],
  }
}

/** A plan that ran, as the sheet of plans shows it. */
async function explainedOf(statement: string, json: string): Promise<Explained> {
  const plan = readPlan(json)
  return {
    ...{ plan, json, statement, searchPath: 'pg_catalog, pg_temp', analyzed: true, of: null },
    ...{ parameterTypes: [], assumed: [], lists: [], changes: [], volatile: [] },
    ...(await markedSql(statement, plan)),
  }
}
