import { z } from 'zod'
import { explainObjects, searchPathOf } from '../reads/explain-objects'
import { explain } from '../server/explain'
import { serverFacts } from '../server/facts'
import { identifier } from '../server/identifiers'
import { withoutConstantPlaces } from '../server/normalised-sql'
import { parseSql } from '../server/parse-sql'
import { isTypeUnknown } from '../server/prepare-typed'
import { failed, ok, type Result } from '../server/problem'
import { runRead, variant } from '../server/run-read'
import { withSharedConstants } from '../server/shared-constants'
import type { Target } from '../server/target'
import { guardExplain, type LookUp, schemasOf } from './explain-guard'
import { namesIn } from './explain-names'
import { type Plan, readPlan } from './plan'

interface ExplainAsk {
  /** As pg_stat_statements or pg_stat_activity has it. */
  query: string
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

export interface Explained {
  plan: Plan
  /** EXPLAIN (FORMAT JSON). */
  json: string
  /** The statement as it was explained: the same with constants' places written as expressions. */
  statement: string
  searchPath: string
  parameterTypes: string[]
  /** The n of those $n whose type the text does not tell: integer was taken. */
  assumed: number[]
  /** Why EXPLAIN ANALYZE is not for it, as sentences. */
  changes: string[]
  /** What EXPLAIN ANALYZE asks to confirm. */
  volatile: string[]
  analyzed: boolean
}

const NO_TYPES =
  'Where constants stood, pg_stat_statements keeps $n, and with them the types of these parameters are gone: more than one function or operator fits, and integer fits none. Write the types as the application sends them, in psql: PREPARE p (type, …) AS the statement; then EXPLAIN EXECUTE p (…). Or EXPLAIN one of its examples, which still has its constants.'

const objects = z.array(explainObjects.row)

/** Reasons told; whoever plants a thousand functions makes no page of them. */
const TOLD = 5
const sentences = (reasons: string[]): string =>
  [...reasons.slice(0, TOLD), ...(reasons.length > TOLD ? [`And ${reasons.length - TOLD} more reasons`] : [])]
    .map((one) => `${one}.`)
    .join(' ')

/**
 * The plan of a statement; with analyze it is run, read-only, and rolled back. What may not be explained, and what is not yet
 * confirmed, is a problem with its reasons. Errors: invalid_input, conflict for an unconfirmed volatile function, the server's own.
 */
export async function explainStatement(target: Target, { query, rolname, analyze }: ExplainAsk): Promise<Result<Explained>> {
  const statement = await withoutConstantPlaces(await withSharedConstants(await withoutConstantPlaces(query)))
  const parsed = await parseSql(statement)
  if (!parsed.ok) return failed('invalid_input', `This text cannot be read as a statement: ${parsed.problem.message}`)
  const [one, ...more] = parsed.value
  if (!one || more.length > 0) return failed('invalid_input', 'Only a single statement can be explained')
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
  if (!explained.ok) {
    const { problem } = explained
    return parameters > 0 && isTypeUnknown(problem.sqlstate) ? { ok: false, problem: { ...problem, hint: NO_TYPES } } : explained
  }
  const { json, parameterTypes, assumed } = explained.value
  const isSelect = one.kind === 'SelectStmt'
  return ok({
    plan: readPlan(json),
    json,
    statement: one.text,
    searchPath,
    parameterTypes,
    assumed,
    changes: [...new Set([...changes, ...(isSelect ? [] : ['It is no SELECT']), ...neverRun])],
    volatile,
    analyzed: analyze !== null,
  })
}
