import { analyzedAlone, asReader } from './as-reader'
import { serverFacts } from './facts'
import { type Ask, look } from './look'
import { parseSql } from './parse-sql'
import { prepareTyped } from './prepare-typed'
import { failed, ok, problemFrom, type Result } from './problem'
import { jsonWithoutSecrets } from './secrets/without-secrets'
import type { Target } from './target'

/** What EXPLAIN explains here. */
const EXPLAINABLE = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
const PLAN_MS = 5_000

interface ExplainOrder {
  /** One statement; its parameters are $1 … $n. */
  statement: string
  /** search_path, as SET takes it. */
  searchPath: string
  /** Runs the statement, with these values as text, and ends it after so long; null: only plans it. */
  analyze: { values: (string | null)[]; timeoutMs: number } | null
  /**
   * Looks at what it leads to once more, when the relations that it names are locked against being made anew: what was
   * looked through before may have been changed since.
   */
  check?: (ask: Ask) => Promise<Result<null>>
}

interface Explanation {
  /** EXPLAIN (FORMAT JSON), as PostgreSQL wrote it. */
  json: string
  /** The type of each $n, as the server infers it. */
  parameterTypes: string[]
  /** The n of those whose type the text does not tell: integer was taken. */
  assumed: number[]
}

/**
 * EXPLAIN of exactly one statement, and nothing else, on a connection of its own, one of the three that looking may hold, that is
 * closed afterwards. EXPLAIN ANALYZE is made for one at a time on each server.
 *
 * A text from pg_stat_statements is whatever somebody once sent. So: it must parse as one statement that EXPLAIN takes;
 * the server gets it by the extended protocol, which refuses a second command however the text is read;
 * standard_conforming_strings is on, so that server and parser agree on where a string ends; the transaction is read-only, has
 * time-outs and is rolled back; values travel apart from the text. What the statement calls is for the caller to judge.
 *
 * It is planned, and run, by a role that only reads where that may be taken, else (what it takes is more: an INSERT, a function
 * that not everybody may call) by our own. That is a fence and no wall: code that runs can undo a SET ROLE. The wall is the caller's guard.
 *
 * Without analyze it is the generic plan: EXPLAIN (GENERIC_PLAN) from 16 on, before that a prepared statement with typed NULLs
 * under plan_cache_mode = force_generic_plan (manual, EXPLAIN and PREPARE).
 * Errors: invalid_input for what is not one such statement, conflict where another is analyzed, the check's, the server's own, unreachable.
 */
export async function explain(target: Target, order: ExplainOrder): Promise<Result<Explanation>> {
  const { statement, analyze } = order
  const parsed = await parseSql(statement)
  if (!parsed.ok) return parsed
  const [one, ...more] = parsed.value
  if (!one || more.length > 0) return failed('invalid_input', 'Only a single statement can be explained')
  if (!EXPLAINABLE.has(one.kind)) return failed('invalid_input', 'EXPLAIN takes SELECT, INSERT, UPDATE, DELETE and MERGE only')
  if (analyze && one.kind !== 'SelectStmt') return failed('invalid_input', 'Only a SELECT is run by EXPLAIN ANALYZE here')
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const wanted = { ...order, statement: one.text }
  if (!analyze) return explainOn(target, facts.value.major, wanted)
  return analyzedAlone(target, () => explainOn(target, facts.value.major, wanted))
}

async function explainOn(target: Target, major: number, order: ExplainOrder): Promise<Result<Explanation>> {
  const options = { timeoutMs: order.analyze?.timeoutMs ?? PLAN_MS, settings: { row_security: 'off' }, fresh: true, commit: false }
  try {
    return await look(target, (ask) => asReader(ask, () => explainAs(ask, major, order)), options)
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}

/** As whatever role has been set. What is prepared outlives a transaction, so it is deallocated on every way out: a pool may keep the session. */
export async function explainAs(
  ask: Ask,
  major: number,
  { statement, searchPath, analyze, check }: ExplainOrder,
): Promise<Result<Explanation>> {
  const setPath = (to: string) => ask(`select /* proctor */ pg_catalog.set_config('search_path', $1, true)`, [to])
  await setPath(searchPath)
  // One command or none; analysed, not yet planned.
  const { text, assumed } = await prepareTyped((command) => ask(command, [], { extended: true }), 'proctor_explain', statement)
  try {
    // Under the statement's own search_path nothing of ours is looked for by it. Types are written as they are found by it.
    const { rows } = await ask(
      `select /* proctor */ pg_catalog.format_type(t, null) as type from pg_catalog.pg_prepared_statements p cross join pg_catalog.unnest(p.parameter_types) with ordinality u(t, n) where p.name operator(pg_catalog.=) 'proctor_explain' order by n`,
    )
    const parameterTypes: string[] = rows.map(({ type }) => type)
    if (check) {
      await setPath('pg_catalog, pg_temp')
      const checked = await check(ask)
      if (!checked.ok) return checked
      await setPath(searchPath)
    }
    const answer = await plan(ask, major, { text, parameterTypes, analyze })
    return ok({ json: JSON.stringify(jsonWithoutSecrets(answer.rows[0]?.['QUERY PLAN'])), parameterTypes, assumed })
  } finally {
    // Where the session is gone there is nothing to take back, and the first error is the one to tell.
    await ask('rollback /* proctor */ to savepoint before_prepare')
      .then(() => ask('deallocate /* proctor */ proctor_explain'))
      .catch(() => undefined)
  }
}

async function plan(
  ask: Ask,
  major: number,
  { text, parameterTypes, analyze }: Pick<ExplainOrder, 'analyze'> & { text: string; parameterTypes: string[] },
) {
  if (analyze) {
    const sql = `explain /* proctor:explain */ (analyze, verbose, buffers, settings, format json) ${text}`
    return ask(sql, analyze.values, { extended: true })
  }
  // Parameters would have to be bound to it by the extended protocol. The server has just taken the text as one command.
  if (major >= 16) return ask(`explain /* proctor:explain */ (generic_plan, verbose, settings, format json) ${text}`)
  await ask('set /* proctor */ local plan_cache_mode = force_generic_plan')
  const nulls = parameterTypes.length > 0 ? `(${parameterTypes.map((type) => `null::${type}`).join(', ')})` : ''
  return ask(`explain /* proctor:explain */ (verbose, settings, format json) execute proctor_explain${nulls}`, [], { extended: true })
}
