import { z } from 'zod'
import { serverFacts } from '../server/facts'
import { identifier } from '../server/identifiers'
import type { Ask } from '../server/look'
import { type MeasuredSelect, measureSelect } from '../server/measure-select'
import { parseSql } from '../server/parse-sql'
import { failed, ok, type Problem, type Result } from '../server/problem'
import { runRead, variant } from '../server/run-read'
import type { Target } from '../server/target'
import { guardExplain, type LookUp } from '../statements/explain-guard'
import { sentences } from '../statements/explain-refusals'
import { explainObjects } from '../statements/reads/explain-objects'

/** No statement over the guide's tables runs for longer, however many times it runs for one measurement. */
export const GUIDE_BUDGET_MS = 60_000

const objects = z.array(explainObjects.row)

interface StatementOrder {
  statement: string
  values: (string | null)[]
  rows: number
  plan: 'none' | 'time' | 'nodes'
  budgetMs?: number
}

/**
 * Runs a SELECT of ours over tables of users. Whose tables they are decides what is executed when they are read: operators, functions in
 * indexes, checks, views, rules. So it runs only if all that may be reached is PostgreSQL's own or a superuser's, by the guard of EXPLAIN. What
 * is volatile among that stands in defaults of columns, which no SELECT evaluates: the statement itself calls nothing of the kind. Errors: invalid_input with what stands in the way, insufficient_privilege with the GRANT, as measureSelect.
 */
export async function runStatement(
  target: Target,
  { statement, values, rows, plan, budgetMs = GUIDE_BUDGET_MS }: StatementOrder,
): Promise<Result<MeasuredSelect>> {
  const parsed = await parseSql(statement)
  if (!parsed.ok) return parsed
  const [one] = parsed.value
  if (!one) return failed('invalid_input', 'There is no statement in it')
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const { role, major } = facts.value
  const look = async (lookUp: LookUp): Promise<Result<null>> => {
    const guard = await guardExplain(one, lookUp, { path: [], role })
    if (!guard.ok) return guard
    const why = [...guard.value.refused, ...guard.value.neverRun]
    return why.length > 0 ? failed('invalid_input', `Not run. ${sentences(why)}`) : ok(null)
  }
  const before = await look((names) => runRead(target, explainObjects, { names: JSON.stringify(names) }))
  if (!before.ok) return before
  const check = (ask: Ask) =>
    look(async (names) => ok(objects.parse((await ask(variant(explainObjects, major), [JSON.stringify(names)])).rows)))
  const measured = await measureSelect(target, { statement: one.text, values, budgetMs, rows, plan, check })
  return measured.ok ? measured : { ok: false, problem: withGrant(measured.problem, role) }
}

/** Reading rows takes more than pg_monitor. */
const withGrant = (problem: Problem, role: string): Problem =>
  problem.kind === 'insufficient_privilege' && !problem.fix ? { ...problem, fix: `GRANT pg_read_all_data TO ${identifier(role)}` } : problem
