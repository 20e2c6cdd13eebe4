import { analyzedAlone, asReader } from './as-reader'
import { type Ask, look } from './look'
import { prepareTyped } from './prepare-typed'
import { ok, problemFrom, type Result } from './problem'
import { jsonWithoutSecrets, textWithoutSecrets } from './secrets/without-secrets'
import type { Target } from './target'

interface SelectOrder {
  /** One SELECT of ours whose names have their schemas; its parameters are $1 … $n. */
  statement: string
  /** As text; null is NULL. */
  values: (string | null)[]
  /** All runs together end after so many ms. */
  budgetMs: number
  /** So many rows are fetched; 0: none, it only runs under EXPLAIN. */
  rows: number
  /** time: EXPLAIN (ANALYZE, TIMING OFF), for its time without the clock's own. nodes: the same once more with the time of each node. */
  plan: 'none' | 'time' | 'nodes'
  /** Looks at what it leads to once more, when its relations are locked against being made anew. */
  check: (ask: Ask) => Promise<Result<null>>
}

export interface MeasuredSelect {
  /** Every value as the server wrote it; null: none were asked for. */
  rows: Record<string, string | null>[] | null
  /** There are more rows than were fetched. */
  more: boolean
  /** EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, TIMING OFF, FORMAT JSON): server's time, without transfer and without a clock in each node. */
  timed: string | null
  /** The same with TIMING ON; null: not asked for, or the budget would not have lasted. */
  nodes: string | null
  /** queryid as the server computes it, as text; null where it does not (compute_query_id). */
  queryid: string | null
}

/** A run under the clock of each node may take so many times as long as one without (manual, EXPLAIN, TIMING). */
const CLOCK_FACTOR = 3

/**
 * Runs one SELECT of ours over tables of users, read-only and rolled back, on a connection of its own: first for its rows, then under
 * EXPLAIN for time, blocks and plan. It reads what PostgreSQL has cached by the first run: the times are of warm caches. What the statement
 * calls is for the caller to judge, by `check`; policies are not evaluated, a table that has some is an error (row_security = off).
 * Errors: conflict where another runs on this server, the check's, the server's own (timeout for the budget), unreachable.
 */
export function measureSelect(target: Target, order: SelectOrder): Promise<Result<MeasuredSelect>> {
  const options = { timeoutMs: order.budgetMs, settings: { row_security: 'off' }, fresh: true, commit: false }
  return analyzedAlone(target, async () => {
    try {
      return await look(target, (ask) => asReader(ask, () => measureAs(ask, order)), options)
    } catch (error) {
      return { ok: false, problem: problemFrom(error) }
    }
  })
}

async function measureAs(ask: Ask, { statement, values, budgetMs, rows, plan, check }: SelectOrder): Promise<Result<MeasuredSelect>> {
  const began = performance.now()
  const left = () => budgetMs - (performance.now() - began)
  const limited = async (text: string) => {
    await ask(`set /* proctor */ local statement_timeout = ${Math.max(1, Math.floor(left()))}`)
    return ask(text, values, { extended: true, asText: true })
  }
  // Analysed, not planned: its relations are locked from here on, so that none is made anew under the check.
  await prepareTyped((command) => ask(command, [], { extended: true }), 'proctor_measure', statement)
  try {
    const checked = await check(ask)
    if (!checked.ok) return checked
    const fetched =
      rows > 0 ? (await limited(`select /* proctor:measure */ * from (${statement}\n) as measured limit ${rows + 1}`)).rows : null
    const explained = async (timing: 'on' | 'off'): Promise<string> => {
      const sql = `explain /* proctor:measure */ (analyze, verbose, buffers, settings, timing ${timing}, format json) ${statement}`
      return (await limited(sql)).rows[0]?.['QUERY PLAN'] ?? '[]'
    }
    const before = performance.now()
    const timed = plan === 'none' ? null : await explained('off')
    const lasts = (performance.now() - before) * CLOCK_FACTOR < left()
    const nodes = plan === 'nodes' && lasts ? await explained('on') : null
    return ok({
      rows: fetched?.slice(0, rows).map(withoutSecrets) ?? null,
      more: (fetched?.length ?? 0) > rows,
      timed: withoutSecretsInPlan(timed),
      nodes: withoutSecretsInPlan(nodes),
      // Read from the text: JSON.parse would lose its last digits.
      queryid: /"Query Identifier": (-?\d+)/.exec(timed ?? '')?.[1] ?? null,
    })
  } finally {
    await ask('rollback /* proctor */ to savepoint before_prepare')
      .then(() => ask('deallocate /* proctor */ proctor_measure'))
      .catch(() => undefined)
  }
}

const withoutSecretsInPlan = (json: string | null): string | null => json && JSON.stringify(jsonWithoutSecrets(JSON.parse(json)))

const withoutSecrets = (row: Record<string, string | null>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : textWithoutSecrets(value)]))
