import { Client, type QueryConfig } from 'pg'
import { serverFacts } from './facts'
import { parseSql } from './parse-sql'
import { prepareTyped } from './prepare-typed'
import { failed, ok, problemFrom, type Result } from './problem'
import type { Target } from './target'

/** What EXPLAIN explains here. */
const EXPLAINABLE = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
const CONNECT_MS = 5_000
const PLAN_MS = 5_000
const LOCK_MS = 200

interface ExplainOrder {
  /** One statement; its parameters are $1 … $n. */
  statement: string
  /** search_path, as SET takes it. */
  searchPath: string
  /** Runs the statement, with these values as text, and ends it after so long; null: only plans it. */
  analyze: { values: (string | null)[]; timeoutMs: number } | null
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
 * EXPLAIN of exactly one statement, and nothing else, on a connection of its own that is closed afterwards.
 *
 * A text from pg_stat_statements is whatever somebody once sent. So: it must parse as one statement that EXPLAIN takes;
 * the server gets it by the extended protocol, which refuses a second command however the text is read;
 * standard_conforming_strings is on, so that server and parser agree on where a string ends; the transaction is read-only, has
 * time-outs and is rolled back; values travel apart from the text. What the statement calls is for the caller to judge.
 *
 * Without analyze it is the generic plan: EXPLAIN (GENERIC_PLAN) from 16 on, before that a prepared statement with typed NULLs
 * under plan_cache_mode = force_generic_plan (manual, EXPLAIN and PREPARE).
 * Errors: invalid_input for what is not one such statement, the server's own, unreachable.
 */
export async function explain(target: Target, { statement, searchPath, analyze }: ExplainOrder): Promise<Result<Explanation>> {
  const parsed = await parseSql(statement)
  if (!parsed.ok) return parsed
  const [one, ...more] = parsed.value
  if (!one || more.length > 0) return failed('invalid_input', 'Only a single statement can be explained')
  if (!EXPLAINABLE.has(one.kind)) return failed('invalid_input', 'EXPLAIN takes SELECT, INSERT, UPDATE, DELETE and MERGE only')
  if (analyze && one.kind !== 'SelectStmt') return failed('invalid_input', 'Only a SELECT is run by EXPLAIN ANALYZE here')
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const { serverId: _, ...connection } = target
  const client = new Client({ ...connection, application_name: 'proctor', connectionTimeoutMillis: CONNECT_MS })
  client.on('error', () => undefined) // the statement that is under way fails with it
  const alone = (text: string, values: (string | null)[] = []) => {
    const query: QueryConfig & { queryMode: 'extended' } = { text, values, queryMode: 'extended' }
    return client.query(query)
  }
  try {
    await client.connect()
    await client.query(
      `begin /* proctor */ read only; set /* proctor */ local standard_conforming_strings = on; set /* proctor */ local row_security = off; set /* proctor */ local statement_timeout = ${Math.trunc(analyze?.timeoutMs ?? PLAN_MS)}; set /* proctor */ local lock_timeout = ${LOCK_MS}; set /* proctor */ local idle_in_transaction_session_timeout = 10000`,
    )
    await client.query(`select /* proctor */ set_config('search_path', $1, true)`, [searchPath])
    // One command or none; analysed, not yet planned.
    const { text, assumed } = await prepareTyped(alone, 'proctor_explain', one.text)
    const { rows } = await client.query<{ type: string }>(
      `select /* proctor */ format_type(t, null) as type from pg_prepared_statements p, unnest(p.parameter_types) with ordinality u(t, n) where p.name = 'proctor_explain' order by n`,
    )
    const parameterTypes = rows.map(({ type }) => type)
    const plan = async () => {
      if (analyze) {
        return alone(`explain /* proctor:explain */ (analyze, verbose, buffers, settings, format json) ${text}`, analyze.values)
      }
      // Parameters would have to be bound to it by the extended protocol. The server has just taken the text as one command.
      if (facts.value.major >= 16) {
        return client.query(`explain /* proctor:explain */ (generic_plan, verbose, settings, format json) ${text}`)
      }
      await client.query('set /* proctor */ local plan_cache_mode = force_generic_plan')
      const nulls = parameterTypes.length > 0 ? `(${parameterTypes.map((type) => `null::${type}`).join(', ')})` : ''
      return alone(`explain /* proctor:explain */ (verbose, settings, format json) execute proctor_explain${nulls}`)
    }
    const answer = await plan()
    await client.query('rollback /* proctor */')
    return ok({ json: JSON.stringify(answer.rows[0]?.['QUERY PLAN']), parameterTypes, assumed })
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  } finally {
    await client.end().catch(() => undefined)
  }
}
