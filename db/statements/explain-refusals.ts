import { type ParsedStatement, TOO_DEEP } from '../server/parse-sql'
import { isTypeUnknown } from '../server/prepare-typed'
import type { Problem } from '../server/problem'

const NO_TYPES =
  'Where constants stood, pg_stat_statements keeps $n, and with them the types of these parameters are gone: of those that were tried none fits all of its functions and operators. Write the types as the application sends them, in psql: PREPARE p (type, …) AS the statement; then EXPLAIN EXECUTE p (…). Or EXPLAIN one of its examples, which still has its constants.'
const UNREADABLE =
  'pg_stat_statements keeps $n where constants stood, and not every such text is a statement any more. EXPLAIN one of its examples, which still has its constants.'
const UNDEFINED_COLUMN = '42703'
const VARIABLE =
  'In a statement that a function runs it may be a variable of that function: pg_stat_statements keeps its name, and neither type nor value. EXPLAIN the statement with a value in its place.'

/** With what would help where the server refuses a text that has lost its constants, or what its names meant. */
export function withAdvice(problem: Problem, parameters: number): Problem {
  if (parameters > 0 && isTypeUnknown(problem.sqlstate)) return { ...problem, hint: NO_TYPES }
  const hint = [problem.hint, VARIABLE].filter(Boolean).join(' ')
  return problem.sqlstate === UNDEFINED_COLUMN ? { ...problem, hint } : problem
}

/** A text that pg_stat_statements keeps need not parse. */
export function unreadable(text: string, problem: Problem): { ok: false; problem: Problem } {
  const hint = /\$\d/.test(text) && problem.message !== TOO_DEEP ? { hint: UNREADABLE } : {}
  return { ok: false, problem: { ...problem, message: `This text cannot be read as a statement: ${problem.message}`, ...hint } }
}

/** Why a command has no plan of its own: SET, COMMIT, FETCH … */
export const withoutPlan = (statement: ParsedStatement): string =>
  `EXPLAIN takes SELECT, INSERT, UPDATE, DELETE and MERGE only. ${whyNone(statement)}`

function whyNone({ kind, text }: ParsedStatement): string {
  const word = /^\w+/.exec(text)?.[0].toUpperCase() ?? 'It'
  if (kind === 'FetchStmt') return `${word} goes on with a cursor; the plan is that of its DECLARE`
  if (kind === 'ExecuteStmt') return `${word} runs what was prepared; the plan is that of its PREPARE`
  if (kind === 'CallStmt' || kind === 'DoStmt')
    return `${word} runs a procedure; its statements are counted by themselves with pg_stat_statements.track = all`
  return `${word} has no plan`
}

/** Reasons told; whoever plants a thousand functions makes no page of them. */
const TOLD = 5
/** Several reasons as one text. */
export const sentences = (reasons: string[]): string =>
  [...reasons.slice(0, TOLD), ...(reasons.length > TOLD ? [`And ${reasons.length - TOLD} more reasons`] : [])]
    .map((one) => `${one}.`)
    .join(' ')
