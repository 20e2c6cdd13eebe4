import { readPlan } from '../domain/plan'
import { failed, ok, type Problem, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Guide } from './find-guide'
import { type Choices, type Figure, type GuideQueryName, inSchema, type TextRow } from './queries/guide-query'
import { GUIDE_QUERIES } from './queries/registry'
import { GUIDE_BUDGET_MS, runStatement } from './run-statement'

export type GuideForm = 'corrected' | 'printed'
/** one: for what $1 says. all: for every student at once. */
export type GuideScope = 'one' | 'all'

export interface GuideOrder {
  query: GuideQueryName
  form: GuideForm
  scope: GuideScope
  /** $1: a student's id, or the beginning of the period; ignored where the query takes none. */
  value: string | null
  choices: Choices
  budgetMs?: number
}

/** What one form of a query gave. */
export interface GuideOutcome {
  rows: TextRow[] | null
  more: boolean
  /** EXPLAIN's JSON: of the run that was timed, and of the one with a clock in each node. */
  timed: string | null
  nodes: string | null
  queryid: string | null
  /** ms on the server, without transfer; null where it ended with an error. */
  executionMs: number | null
  planningMs: number | null
  /** Rows that it gave to whoever asked. */
  given: number | null
  /** 8 kB blocks (block_size) found in shared_buffers, and read into them. */
  hit: number | null
  read: number | null
  /** The server's own error, where the form does not run to its end. */
  problem: Problem | null
  /** Of the printed form: both on the same rows. */
  comparison: GuideComparison | null
}

export interface GuideComparison {
  rows: TextRow[]
  figures: Figure[]
  compared: { rows: number; same: number }
  /** Why there is none. */
  problem: Problem | null
}

/** Rows of a list that are fetched; only course statistics and a dashboard can have more. */
const MOST_ROWS = 500

/** What a form does, other than what keeps it from being tried: either may be stopped, the printed one refused by the server. */
const isOutcome = (form: GuideForm, { kind }: Problem): boolean => kind === 'timeout' || (form === 'printed' && kind === 'sql_error')

/**
 * Runs one form of one of the guide's queries on the tables that were found, read-only and rolled back, for at most 60 s. That it fails,
 * or is stopped, is an outcome. Errors: invalid_input where a table is missing or its owner's code would run, as runStatement.
 */
export async function runGuideQuery(target: Target, guide: Guide, order: GuideOrder): Promise<Result<GuideOutcome>> {
  const query = GUIDE_QUERIES[order.query]
  const absent = query.needs.filter((table) => !guide.tables[table])
  if (absent.length > 0) return failed('invalid_input', `${guide.schema} has no table ${absent.join(', ')} as the query needs it`)
  const names = inSchema(guide.schema)
  const text = order.scope === 'all' ? query.forAll?.[order.form](names) : query[order.form](names, order.choices)
  if (text === undefined) return failed('invalid_input', 'This query is for one student')
  const values = order.scope === 'all' || query.takes === null ? [] : [order.value]
  const isShown = order.form === 'corrected' && order.scope === 'one'
  const budgetMs = order.budgetMs ?? GUIDE_BUDGET_MS
  const measured = await runStatement(target, {
    statement: text,
    values,
    rows: isShown ? MOST_ROWS : 0,
    plan: isShown ? 'nodes' : 'time',
    budgetMs,
  })
  if (!measured.ok) return isOutcome(order.form, measured.problem) ? ok({ ...NOTHING, problem: measured.problem }) : measured
  const { rows, more, timed, nodes, queryid } = measured.value
  const plan = timed === null ? null : readPlan(timed)
  const top = plan?.nodes[0]
  const blocks = timed === null ? null : blocksOf(timed)
  const outcome: GuideOutcome = {
    ...{ rows, more, timed, nodes, queryid },
    executionMs: plan?.executionMs ?? null,
    planningMs: plan?.planningMs ?? null,
    given: top?.actual ? top.actual.rows * top.actual.loops : null,
    hit: blocks?.hit ?? null,
    read: blocks?.read ?? null,
    problem: null,
    comparison: null,
  }
  if (order.form === 'corrected' || order.scope === 'all' || !query.comparison) return ok(outcome)
  const { comparison } = query
  const compared = await runStatement(target, {
    statement: comparison.sql(names, order.choices),
    values,
    rows: 100,
    plan: 'none',
    budgetMs,
  })
  if (!compared.ok && !isOutcome(order.form, compared.problem)) return compared
  const both = compared.ok ? (compared.value.rows ?? []) : []
  return ok({
    ...outcome,
    comparison: {
      rows: both,
      figures: compared.ok ? comparison.figures(both) : [],
      compared: comparison.same(both),
      problem: compared.ok ? null : compared.problem,
    },
  })
}

const NOTHING: GuideOutcome = {
  ...{ rows: null, more: false, timed: null, nodes: null, queryid: null, executionMs: null, planningMs: null },
  ...{ given: null, hit: null, read: null, problem: null, comparison: null },
}

/** Those of the top node hold its children's (manual, EXPLAIN, BUFFERS). */
function blocksOf(json: string): { hit: number; read: number } {
  const [whole] = JSON.parse(json) as { Plan: Record<string, number> }[]
  return { hit: whole?.Plan['Shared Hit Blocks'] ?? 0, read: whole?.Plan['Shared Read Blocks'] ?? 0 }
}
