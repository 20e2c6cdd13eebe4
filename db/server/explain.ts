import type { Client, QueryConfig } from 'pg'
import { serverFacts } from './facts'
import { parseSql } from './parse-sql'
import { beginPinned } from './pin'
import { giveUpMs, withConnection } from './pool'
import { prepareTyped } from './prepare-typed'
import { failed, ok, problemFrom, type Result } from './problem'
import type { Target } from './target'

/** What EXPLAIN explains here. */
const EXPLAINABLE = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
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

/** Servers on which somebody's statement runs under EXPLAIN ANALYZE: it holds a connection for minutes, others have to look on. */
const analyzing = new Set<string>()

/**
 * EXPLAIN of exactly one statement, and nothing else, on a connection of its own, one of the three that looking may hold, that is
 * closed afterwards. EXPLAIN ANALYZE is made for one at a time on each server.
 *
 * A text from pg_stat_statements is whatever somebody once sent. So: it must parse as one statement that EXPLAIN takes;
 * the server gets it by the extended protocol, which refuses a second command however the text is read;
 * standard_conforming_strings is on, so that server and parser agree on where a string ends; the transaction is read-only, has
 * time-outs and is rolled back; values travel apart from the text. What the statement calls is for the caller to judge.
 *
 * Without analyze it is the generic plan: EXPLAIN (GENERIC_PLAN) from 16 on, before that a prepared statement with typed NULLs
 * under plan_cache_mode = force_generic_plan (manual, EXPLAIN and PREPARE).
 * Errors: invalid_input for what is not one such statement, conflict where another is analyzed, the server's own, unreachable.
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
  if (!analyze) return explainOn(target, facts.value.major, one.text, { searchPath, analyze })
  const { serverId } = target
  if (analyzing.has(serverId)) return failed('conflict', 'Another statement is run by EXPLAIN ANALYZE on this server; wait for it')
  analyzing.add(serverId)
  return explainOn(target, facts.value.major, one.text, { searchPath, analyze }).finally(() => analyzing.delete(serverId))
}

async function explainOn(
  target: Target,
  major: number,
  statement: string,
  { searchPath, analyze }: Omit<ExplainOrder, 'statement'>,
): Promise<Result<Explanation>> {
  const limitMs = Math.trunc(analyze?.timeoutMs ?? PLAN_MS)
  const work = async (client: Client): Promise<Explanation> => {
    const alone = (text: string, values: (string | null)[] = []) => {
      const query: QueryConfig & { queryMode: 'extended'; query_timeout: number } = {
        text,
        values,
        queryMode: 'extended',
        query_timeout: giveUpMs(limitMs),
      }
      return client.query(query)
    }
    await client.query(
      beginPinned({ row_security: 'off', statement_timeout: limitMs, lock_timeout: LOCK_MS, idle_in_transaction_session_timeout: 10_000 }),
    )
    await client.query(`select /* proctor */ set_config('search_path', $1, true)`, [searchPath])
    // One command or none; analysed, not yet planned.
    const { text, assumed } = await prepareTyped(alone, 'proctor_explain', statement)
    const { rows } = await client.query<{ type: string }>(
      `select /* proctor */ format_type(t, null) as type from pg_prepared_statements p, unnest(p.parameter_types) with ordinality u(t, n) where p.name = 'proctor_explain' order by n`,
    )
    const parameterTypes = rows.map(({ type }) => type)
    const plan = async () => {
      if (analyze) {
        return alone(`explain /* proctor:explain */ (analyze, verbose, buffers, settings, format json) ${text}`, analyze.values)
      }
      // Parameters would have to be bound to it by the extended protocol. The server has just taken the text as one command.
      if (major >= 16) return client.query(`explain /* proctor:explain */ (generic_plan, verbose, settings, format json) ${text}`)
      await client.query('set /* proctor */ local plan_cache_mode = force_generic_plan')
      const nulls = parameterTypes.length > 0 ? `(${parameterTypes.map((type) => `null::${type}`).join(', ')})` : ''
      return alone(`explain /* proctor:explain */ (verbose, settings, format json) execute proctor_explain${nulls}`)
    }
    const answer = await plan()
    await client.query('rollback /* proctor */')
    return { json: JSON.stringify(answer.rows[0]?.['QUERY PLAN']), parameterTypes, assumed }
  }
  try {
    return ok(await withConnection(target, work, { fresh: true }))
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}
