import type { Row } from '../server/define-read'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { inDatabase, type Target } from '../server/target'
import { statements, statementTexts } from './reads/statements'
import { textDatabases } from './reads/text-databases'

type Texts = Row<typeof statementTexts>[]

/** invalid byte sequence; no counterpart; no conversion between the two encodings at all. The reads call nothing else that could be missing. */
const UNCONVERTIBLE = new Set(['22021', '22P05', '42883'])

/** Whether the server gave no text at all because one cannot be converted. */
export const isTextRefused = ({ sqlstate }: Problem): boolean => UNCONVERTIBLE.has(sqlstate ?? '')

/**
 * The texts of statements by their queryid. Where one of them cannot be converted to the encoding of this database the server gives
 * none, and they are read from another of its databases; a text that is unreadable there too says so itself.
 * Errors: as the read; isTextRefused where no database gives them, with what would lift it.
 */
export async function readStatementTexts(target: Target, queryids: string[]): Promise<Result<Texts>> {
  const here = await runRead(target, statementTexts, { queryids })
  if (here.ok || !isTextRefused(here.problem)) return here
  const others = await runRead(target, textDatabases, {})
  let fix: string | undefined
  for (const { datname, encoding } of others.ok ? others.value : []) {
    const there = await runRead(inDatabase(target, datname), statementTexts, { queryids })
    if (there.ok) return there
    if (encoding === 'SQL_ASCII' && there.problem.kind === 'missing_extension')
      fix ??= `-- in the database ${datname}, which takes texts of any encoding:\nCREATE EXTENSION pg_stat_statements;`
  }
  const message = `The server gives no text of a statement, as one of them does not fit the encoding of this database: ${here.problem.message}`
  return { ok: false, problem: { ...here.problem, message, fix } }
}

/**
 * pg_stat_statements with texts; `withheld` says why there are none, or fewer: its numbers stay. Errors: as the read.
 */
export async function readStatements(
  target: Target,
  dbid: number | null,
): Promise<Result<{ rows: Row<typeof statements>[]; withheld: Problem | null }>> {
  const whole = await runRead(target, statements, { showtext: true, dbid })
  if (whole.ok) return ok({ rows: whole.value, withheld: null })
  if (!isTextRefused(whole.problem)) return whole
  const numbers = await runRead(target, statements, { showtext: false, dbid })
  if (!numbers.ok) return numbers
  const ids = [...new Set(numbers.value.flatMap(({ queryid }) => queryid ?? []))].slice(0, 10_000)
  const texts = await readStatementTexts(target, ids)
  if (!texts.ok) return ok({ rows: numbers.value, withheld: texts.problem })
  const known = new Map(texts.value.map((text) => [`${text.queryid} ${text.dbid}`, text]))
  const rows = numbers.value.map((row) => {
    const text = known.get(`${row.queryid} ${row.dbid}`)
    return text ? { ...row, query: text.query, own: text.own } : row
  })
  return ok({ rows, withheld: null })
}
