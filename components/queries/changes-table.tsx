'use client'
import type { ChangeKind } from '@/db/checks/compare-statements'
import { count, exactCount } from '../format'
import { Badge, type BadgeTone } from '../ui/badge'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'
import { SqlText } from '../ui/sql'
import type { ChangedQuery } from './query-list'
import { milliseconds, sureness, times } from './query-words'

const KIND: Record<ChangeKind, { word: string; tone: BadgeTone }> = {
  slower: { word: 'slower', tone: 'warn' },
  new: { word: 'new', tone: 'run' },
  faster: { word: 'faster', tone: 'ok' },
  gone: { word: 'gone', tone: 'plain' },
  unsure: { word: 'not sure', tone: 'plain' },
  same: { word: 'same', tone: 'plain' },
}

interface ChangesTableProps {
  /** Null: no sample reaches back to the other range. */
  changes: ChangedQuery[] | null
  /** What the range is compared with, in words. */
  against: string
  openKey: string | null
  onOpen: (key: string) => void
}

/** What is new, slower, faster and gone against another range, with how sure that is. */
export function ChangesTable({ changes, against, openKey, onOpen }: ChangesTableProps) {
  const footer = (
    <span>
      Slower and faster: the mean differs by a quarter or more, with a confidence of at least 99.9 % by Welch's t-test on calls, mean and
      standard deviation; calls are taken as independent
    </span>
  )
  if (!changes || changes.length === 0) {
    return (
      <TableCard label="Changes" footer={footer}>
        <EmptyState title={changes ? 'Nothing changed.' : 'There is nothing to compare with.'}>
          {changes ? `No statement is new, gone, slower or faster against ${against}.` : `No sample reaches back to ${against}.`}
        </EmptyState>
      </TableCard>
    )
  }
  return (
    <TableCard label="Changes" footer={footer}>
      <table className="w-full table-fixed border-collapse max-sm:block sm:min-w-[900px]">
        <thead className="max-sm:hidden">
          <tr>
            <HeadCell className="w-24">Change</HeadCell>
            <HeadCell>Statement</HeadCell>
            {['Mean before', 'Mean after', 'Factor', 'Calls before', 'Calls after', 'Time gained or lost'].map((label) => (
              <HeadCell key={label} numeric className={label.startsWith('Time') ? 'w-36' : 'w-24'}>
                {label}
              </HeadCell>
            ))}
            <HeadCell className="w-44">How sure</HeadCell>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {changes.map(({ key, change, row }) => (
            <Row
              key={key}
              onClick={() => onOpen(key)}
              className={classes(
                'cursor-pointer max-sm:grid max-sm:grid-cols-[auto_minmax(0,1fr)_auto] max-sm:gap-x-2 max-sm:px-3.5 max-sm:py-2',
                key === openKey ? 'bg-accent-soft' : 'hover:bg-hover',
              )}
            >
              <Cell className="max-sm:h-auto max-sm:p-0">
                <Badge tone={KIND[change.kind].tone}>{KIND[change.kind].word}</Badge>
              </Cell>
              <Cell className="max-sm:h-auto max-sm:p-0">
                <button
                  type="button"
                  className="block w-full truncate rounded-[3px] text-left"
                  onClick={(event) => {
                    event.stopPropagation()
                    onOpen(key)
                  }}
                >
                  <code>{row.query === null ? 'text not seen yet' : <SqlText sql={row.query} />}</code>
                </button>
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {change.before.calls === 0 ? '–' : milliseconds(change.before.mean)}
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {change.after.calls === 0 ? '–' : milliseconds(change.after.mean)}
              </Cell>
              <Cell numeric className="font-medium max-sm:h-auto max-sm:p-0">
                {change.factor === null ? '–' : times(change.factor)}
              </Cell>
              <Cell numeric className="max-sm:hidden" title={exactCount(change.before.calls)}>
                {count(change.before.calls)}
              </Cell>
              <Cell numeric className="max-sm:hidden" title={exactCount(change.after.calls)}>
                {count(change.after.calls)}
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {change.kind === 'gone' ? '–' : `${change.extra < 0 ? '−' : '+'}${milliseconds(Math.abs(change.extra))}`}
              </Cell>
              <Cell className="text-ink-2 max-sm:hidden">{change.factor === null ? '' : sureness(change.sure)}</Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}
