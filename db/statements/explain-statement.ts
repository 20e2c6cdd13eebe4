import { z } from 'zod'
import { type Plan, readPlan } from '../domain/plan'
import { explain } from '../server/explain'
import { serverFacts } from '../server/facts'
import { identifier } from '../server/identifiers'
import { withoutConstantPlaces } from '../server/normalised-sql'
import { parseSql } from '../server/parse-sql'
import { isTypeUnknown } from '../server/prepare-typed'
import { failed, ok, type Result } from '../server/problem'
import { runRead, variant } from '../server/run-read'
import { withOneParameterForEach, withSharedConstants } from '../server/shared-constants'
import { statementWithin } from '../server/statement-within'
import type { Target } from '../server/target'
import { guardExplain, type LookUp, schemasOf } from './explain-guard'
import { namesIn } from './explain-names'
import { sentences, unreadable, withAdvice, withoutPlan } from './explain-refusals'
import { type MarkedSql, markedSql } from './plan-marks'
import { explainObjects, searchPathOf } from './reads/explain-objects'
import { listLengths, type SquashedList, withWholeLists } from './squashed-lists'

interface ExplainAsk {
  /** As pg_stat_statements or pg_stat_activity has it. */
  query: string
  /** The same with its constants, where one was seen: it tells how long lists were. */
  example?: string | null
  /** Who sends it: names are looked up as in his sessions. */
  rolname: string
  analyze: {
    /** Of $1 … $n, as text; null is NULL. */
    values: (string | null)[]
    timeoutMs: number
    /** The volatile functions whose execution somebody has confirmed. */
    confirmed: string[]
  } | null
}

export interface Explained extends MarkedSql {
  plan: Plan
  /** EXPLAIN (FORMAT JSON). */
  json: string
  /** The statement as it was explained: the same with constants' places written as expressions. */
  statement: string
  searchPath: string
  parameterTypes: string[]
  /** The n of those $n whose type the text does not tell: one that fits was taken, integer before others. */
  assumed: number[]
  /** Lists of which the text keeps the first value alone. */
  lists: SquashedList[]
  /** PREPARE, DECLARE, COPY …: the command whose statement was explained; null where the text is the statement. */
  of: string | null
  /** Why EXPLAIN ANALYZE is not for it, as sentences. */
  changes: string[]
  /** What EXPLAIN ANALYZE asks to confirm. */
  volatile: string[]
  analyzed: boolean
}

/** What EXPLAIN explains here (manual, EXPLAIN). */
const EXPLAINABLE = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'])
/** Of what the text is read otherwise once more: a grouping that does not fit, a key that is not listed (manual, appendix A). */
const UNGROUPED = new Set(['42803', '42P10'])

const objects = z.array(explainObjects.row)

/**
 * The plan of a statement; with analyze it is run, read-only, and rolled back. What may not be explained, and what is not yet
 * confirmed, is a problem with its reasons. Errors: invalid_input, conflict for an unconfirmed volatile function, the server's own.
 */
export async function explainStatement(target: Target, { query, example, rolname, analyze }: ExplainAsk): Promise<Result<Explained>> {
  const { statement, of } = await statementWithin(await withoutConstantPlaces(query))
  const { text, lists } = await withWholeLists(statement, example ? await listLengths(query, example) : null)
  const shared = await withoutConstantPlaces(await withSharedConstants(text))
  const explained = await explainText(target, shared, { rolname, analyze })
  const sqlstate = explained.ok ? undefined : explained.problem.sqlstate
  if (!explained.ok && (UNGROUPED.has(sqlstate ?? '') || isTypeUnknown(sqlstate))) {
    const joined = await withOneParameterForEach(shared)
    const again = joined === shared ? explained : await explainText(target, joined, { rolname, analyze })
    if (again.ok) return ok({ ...again.value, of, lists })
  }
  return explained.ok ? ok({ ...explained.value, of, lists }) : explained
}

/** Whether it is of a kind that has a plan; what cannot be read may be one. */
export async function hasPlan(query: string): Promise<boolean> {
  const { statement } = await statementWithin(await withoutConstantPlaces(query))
  const parsed = await parseSql(statement)
  return !parsed.ok || parsed.value.some(({ kind }) => EXPLAINABLE.has(kind))
}

async function explainText(
  target: Target,
  statement: string,
  { rolname, analyze }: Pick<ExplainAsk, 'rolname' | 'analyze'>,
): Promise<Result<Omit<Explained, 'of' | 'lists'>>> {
  const parsed = await parseSql(statement)
  if (!parsed.ok) return unreadable(statement, parsed.problem)
  const [one, ...more] = parsed.value
  if (!one || more.length > 0) return failed('invalid_input', 'Only a single statement can be explained')
  if (!EXPLAINABLE.has(one.kind)) return failed('invalid_input', withoutPlan(one))
  const { changes, into, parameters } = namesIn(one)
  if (into) return failed('invalid_input', 'It makes a table; explain its SELECT')
  if (analyze && (one.kind !== 'SelectStmt' || changes.length > 0)) {
    return failed('invalid_input', `EXPLAIN ANALYZE runs a single SELECT only. ${changes.join('. ')}`.trim())
  }
  const [facts, path] = await Promise.all([serverFacts(target), runRead(target, searchPathOf, { rolname })])
  if (!facts.ok) return facts
  if (!path.ok) return path
  const schemas = schemasOf(path.value[0]?.search_path ?? '', rolname)
  const searchPath = schemas.map(identifier).join(', ')
  const look = async (lookUp: LookUp) => {
    const guard = await guardExplain(one, lookUp, { path: schemas, role: facts.value.role })
    if (!guard.ok) return guard
    const { refused, neverRun } = guard.value
    if (refused.length > 0) return failed('invalid_input', `Not explained. ${sentences(refused)}`)
    if (analyze && neverRun.length > 0) return failed('invalid_input', `Not run, whoever confirms it. ${sentences(neverRun)}`)
    const unconfirmed = analyze ? guard.value.volatile.filter((name) => !analyze.confirmed.includes(name)) : []
    return unconfirmed.length > 0 ? failed('conflict', `Running it calls what may change something: ${unconfirmed.join(', ')}`) : guard
  }
  const guard = await look((names) => runRead(target, explainObjects, { names: JSON.stringify(names) }))
  if (!guard.ok) return guard
  const { neverRun, volatile } = guard.value
  const explained = await explain(target, {
    statement: one.text,
    searchPath,
    analyze,
    check: async (ask) => {
      const again = await look(async (names) =>
        ok(objects.parse((await ask(variant(explainObjects, facts.value.major), [JSON.stringify(names)])).rows)),
      )
      return again.ok ? ok(null) : again
    },
  })
  if (!explained.ok) return { ok: false, problem: withAdvice(explained.problem, parameters) }
  const { json, parameterTypes, assumed } = explained.value
  const isSelect = one.kind === 'SelectStmt'
  const plan = readPlan(json)
  return ok({
    plan,
    json,
    ...(await markedSql(one.text, plan)),
    statement: one.text,
    searchPath,
    parameterTypes,
    assumed,
    changes: [...new Set([...changes, ...(isSelect ? [] : ['It is no SELECT']), ...neverRun])],
    volatile,
    analyzed: analyze !== null,
  })
}
