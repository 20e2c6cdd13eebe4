import { Fragment } from 'react'
import type { ResultColumn, TextRow } from '@/db/guide/queries/guide-query'
import { exactCount } from '../format'
import { Card, CardHeader, Legend } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { isNumeric } from './result-card'
import { cellText, printedText, rightText } from './workload-messages'
import type { ChosenQuery, QueryLine } from './workload-model'

/** The printed LIMIT of the leaderboard. */
const PRINTED_LIMIT = 50

const isWrong = (row: TextRow, { key, right }: ResultColumn): boolean => right !== undefined && (row[key] ?? null) !== (row[right] ?? null)

/** What the printed form gives on the same rows: its error, or its figures with those that are wrong in red. */
export function PrintedCard({ chosen, line, budgetSeconds }: { chosen: ChosenQuery; line: QueryLine; budgetSeconds: number }) {
  const { printed, printedColumns: columns } = chosen
  const comparison = printed?.outcome.comparison
  const rows = comparison?.rows ?? []
  const listed = rows.filter((row) => columns.some(({ key }) => row[key] !== null && row[key] !== undefined))
  const problem = printed?.outcome.problem
  // What a figure above says is not said twice.
  const sentences = line.inPrint.filter((sentence) => !comparison?.figures.some(({ why }) => sentence.endsWith(why)))
  return (
    <Card label="As printed" className="flex flex-col">
      <CardHeader title="As printed" sub="same rows, read-only">
        {listed.some((row) => columns.some((column) => isWrong(row, column))) && (
          <Legend mark={<i aria-hidden className="size-2.5 rounded-[2px] border border-bad-line bg-bad-soft" />}>wrong</Legend>
        )}
      </CardHeader>
      {!printed && <EmptyState title="Not run yet">Run again runs both forms.</EmptyState>}
      {problem && (
        <div className="px-4 py-3">
          <ProblemPanel
            title={problem.kind === 'timeout' ? `Stopped: not done after ${budgetSeconds} s` : 'The server refuses it'}
            problem={problem}
          />
        </div>
      )}
      {comparison?.problem && <ProblemPanel title="Both forms could not be compared" problem={comparison.problem} className="m-4" />}
      {comparison && !comparison.problem && listed.length === 0 && (
        <EmptyState title="No rows">As printed it finds nothing here.</EmptyState>
      )}
      {listed.length > 0 && (
        <ScrollRegion label="Rows as printed" className="mt-1.5 -outline-offset-2">
          <table className="w-full border-collapse">
            <thead>
              <tr>
                {columns.map((column) => (
                  <HeadCell key={column.key} numeric={isNumeric(column)}>
                    {column.label}
                  </HeadCell>
                ))}
              </tr>
            </thead>
            <tbody>
              {listed.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row of a result is its place
                <Fragment key={at}>
                  <Gap before={listed[at - 1]} row={row} span={columns.length} />
                  <Row>
                    {columns.map((column) => (
                      <Cell
                        key={column.key}
                        numeric={isNumeric(column)}
                        className={classes('max-w-[220px] truncate', isWrong(row, column) && 'bg-bad-soft text-bad')}
                      >
                        {row[column.key] === null && column.right ? 'NULL' : cellText(row[column.key], column.kind)}
                      </Cell>
                    ))}
                  </Row>
                </Fragment>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {comparison && comparison.figures.length > 0 && (
        <dl className="mt-auto grid grid-cols-[repeat(auto-fit,minmax(132px,1fr))] gap-x-4 gap-y-2 border-t border-line px-4 py-3">
          {comparison.figures.map((figure) => (
            <div key={figure.name} className="min-w-0">
              <dt className="text-label font-semibold">{figure.name}</dt>
              <dd>
                <p className="text-finding font-semibold">
                  <span className="text-bad">{printedText(figure)}</span>
                  <span className="text-ink-3"> → </span>
                  <span>{rightText(figure)}</span>
                </p>
                <p className="text-label text-ink-2">{figure.why}</p>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {sentences.length > 0 && (
        <ul
          className={classes(
            'list-disc border-t border-line py-2.5 pr-4 pl-8 text-label text-ink-2',
            !comparison?.figures.length && 'mt-auto',
          )}
        >
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Ranks that are left out between two rows. */
function Gap({ before, row, span }: { before: TextRow | undefined; row: TextRow; span: number }) {
  const [from, to] = [Number(before?.rank ?? Number.NaN), Number(row.rank ?? Number.NaN)]
  if (!(to - from > 1)) return null
  const ends = from < PRINTED_LIMIT && to > PRINTED_LIMIT
  return (
    <tr className="bg-sunken">
      <td colSpan={span} className="px-4 py-1 text-center text-label text-ink-2">
        {exactCount(to - from - 1)} more {to - from === 2 ? 'row' : 'rows'}
        {ends && `; LIMIT ${PRINTED_LIMIT} ends among them`}
      </td>
    </tr>
  )
}
