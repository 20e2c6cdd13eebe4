'use client'
import { useState } from 'react'
import type { ResultColumn } from '@/db/guide/queries/guide-query'
import { exactCount } from '../format'
import { TextButton } from '../ui/button'
import { Card, CardHeader, Legend } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { barValue, PART_COLORS, ScoreBar } from './score-bar'
import { cellText } from './workload-messages'
import type { ChosenQuery } from './workload-model'

const SHOWN = 12

export const isNumeric = ({ kind }: ResultColumn): boolean => kind !== 'text' && kind !== 'time'

/** What the corrected form gave, with a bar for what its rows are ranked by. */
export function ResultCard({ chosen: { columns, picture, corrected } }: { chosen: ChosenQuery }) {
  const [all, setAll] = useState(false)
  const rows = corrected?.outcome.rows ?? []
  const shown = all ? rows : rows.slice(0, SHOWN)
  const most = picture.most ?? Math.max(0, ...rows.map((row) => barValue(picture, row)))
  const last = columns.at(-1)
  return (
    <Card label="Result">
      <CardHeader
        title="Result"
        sub={
          corrected && !corrected.outcome.problem
            ? `${exactCount(shown.length)} of ${exactCount(rows.length)}${corrected.outcome.more ? '+' : ''} rows`
            : undefined
        }
      >
        {picture.parts.length > 1 &&
          picture.parts.map(({ key, label }, at) => (
            <Legend key={key} mark={<i aria-hidden className="size-2 rounded-[2px]" style={{ background: PART_COLORS[at] }} />}>
              {label}
            </Legend>
          ))}
      </CardHeader>
      {!corrected && <EmptyState title="Not run yet">Run it: read-only, for at most a minute.</EmptyState>}
      {corrected?.outcome.problem && <ProblemPanel problem={corrected.outcome.problem} className="m-4" />}
      {corrected && !corrected.outcome.problem && rows.length === 0 && (
        <EmptyState title="No rows">The tables hold nothing that it looks for.</EmptyState>
      )}
      {rows.length > 0 && (
        <>
          <ScrollRegion label="Rows of the result" className="mt-1.5 -outline-offset-2">
            <table className="w-full border-collapse">
              <thead>
                <tr>
                  {columns.slice(0, -1).map((column) => (
                    <HeadCell key={column.key} numeric={isNumeric(column)}>
                      {column.label}
                    </HeadCell>
                  ))}
                  <HeadCell colSpan={2}>{picture.label}</HeadCell>
                </tr>
              </thead>
              <tbody>
                {shown.map((row, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a row of a result is its place
                  <Row key={at}>
                    {columns.slice(0, -1).map((column) => (
                      <Cell key={column.key} numeric={isNumeric(column)} className="max-w-[260px] truncate">
                        {cellText(row[column.key], column.kind)}
                        {column.of && <span className="text-ink-3"> of {cellText(row[column.of], 'number')}</span>}
                      </Cell>
                    ))}
                    <Cell className="w-[20%] min-w-16">
                      <ScoreBar picture={picture} row={row} most={most} />
                    </Cell>
                    <Cell numeric className="font-medium">
                      {last && cellText(row[last.key], last.kind)}
                    </Cell>
                  </Row>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          <div className="flex flex-wrap items-center gap-x-4 border-t border-line px-4 py-2 text-label text-ink-2">
            <span>{picture.parts.map(({ label }) => label).join(' + ')}</span>
            {rows.length > SHOWN && (
              <TextButton className="ml-auto" onClick={() => setAll(!all)}>
                {all ? `First ${SHOWN} rows` : `All ${exactCount(rows.length)} rows`}
              </TextButton>
            )}
          </div>
        </>
      )}
    </Card>
  )
}
