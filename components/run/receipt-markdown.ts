import type { Run } from '@/db/runs/run-types'
import { script } from '../confirm/planned-sql'
import { bytes, duration, exactCount, percent } from '../format'
import { moment } from '../format-time'
import { nameOfRun, removedRows, returnedBytes, runMs, stateOf, undoOf, whoOf } from './run-messages'

/** The receipt as Markdown, for a ticket or a chat. */
export function receiptMarkdown(run: Run, serverName: string, at: string): string {
  const { receipt } = run
  const returned = returnedBytes(run)
  const removed = removedRows(run)
  const undo = undoOf(run)
  const facts: [string, string | null][] = [
    ['State', stateOf(run.state).word],
    ['Where', `${serverName} / ${run.database}`],
    ['Who', whoOf(run)],
    ['Started', run.startedAt && moment(run.startedAt)],
    ['Duration', duration(runMs(run, at))],
    ['Size', receipt?.bytesAfter == null ? null : `${bytes(receipt.bytesBefore)} → ${bytes(receipt.bytesAfter)}`],
    ['Returned', returned === null || run.does?.builds ? null : `${bytes(returned)}${share(returned, receipt?.bytesBefore)}`],
    ['Dead rows removed', removed === null ? null : exactCount(removed)],
    ['WAL', receipt?.walBytes == null ? null : bytes(receipt.walBytes)],
    ['Checked after', receipt?.checkedAfter ?? null],
    ...(receipt?.restart?.settings ?? []).map(({ name, was, wanted, is }): [string, string] => [
      name,
      `${was} → ${is ?? 'unknown'}${is === wanted ? '' : `, not ${wanted}`}`,
    ]),
    ['Dropped itself', receipt?.dropped?.join(', ') || null],
    ['Left behind', receipt?.leftovers.map(({ relname }) => relname).join(', ') || null],
    ['Files left behind', receipt?.files?.files.map(({ path, bytes: size }) => `${path} (${bytes(size)})`).join(', ') || null],
    ['Problem', run.problem && `${run.problem.message}${run.problem.sqlstate ? ` (SQLSTATE ${run.problem.sqlstate})` : ''}`],
  ]
  const rows = facts.flatMap(([name, value]) => (value ? [`| ${name} | ${cell(value)} |`] : []))
  return [
    `### Run #${run.id}: ${cell(nameOfRun(run.plan))}`,
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
    fenced(script(run.plan.statements)),
    '',
    ...(undo ? ['Undo:', '', fenced(script([undo.sql])), ''] : []),
  ].join('\n')
}

const share = (returned: number, before: number | null | undefined): string => (before ? ` (${percent(returned / before)})` : '')

/** A name may hold a bar, a line break or HTML; in a table's cell each of them is text. */
const cell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replace(/[|`*_[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, ' ')

/** A fence longer than any run of backticks inside. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sql\n${sql}\n${fence}`
}
