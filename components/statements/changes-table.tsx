'use client'
import { useRef } from 'react'
import type { ChangedQuery, Compared, ComparedRange } from '@/db/history/statement-list'
import type { ChangeKind } from '@/db/statements/compare-statements'
import { count, exactCount } from '../format'
import { Badge, type BadgeTone } from '../ui/badge'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'
import { SqlText } from '../ui/sql'
import { useRowCursor } from '../ui/use-row-cursor'
import { isUneven } from './compare-messages'
import { ComparedRanges } from './compared-ranges'
import { milliseconds, sureness, times } from './query-messages'

const KIND: Record<ChangeKind, { word: string; tone: BadgeTone }> = {
  slower: { word: 'slower', tone: 'warn' },
  new: { word: 'new', tone: 'run' },
  faster: { word: 'faster', tone: 'ok' },
  gone: { word: 'gone', tone: 'plain' },
  unsure: { word: 'not sure', tone: 'plain' },
  same: { word: 'same', tone: 'plain' },
}

interface ChangesTableProps {
  /** Null: there are no two ranges to compare. */
  changes: ChangedQuery[] | null
  compared: Compared | null
  /** Why there are none. */
  nothing: string
  openKey: string | null
  onOpen: (key: string) => void
}

const HOUR = 3_600

/** What is new, slower, faster and gone from one range to another, with how sure that is; by the hour where they are uneven. */
export function ChangesTable({ changes, compared, nothing, openKey, onOpen }: ChangesTableProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const cursor = useRowCursor({
    keys: changes?.map(({ key }) => key) ?? [],
    openKey,
    onOpen,
    body,
    reveal: (position) => body.current?.rows[position]?.scrollIntoView({ block: 'nearest' }),
  })
  const footer = (
    <span>
      Slower and faster: the mean differs by a quarter or more, with a confidence of at least 99.9 % by Welch's t-test on calls, mean and
      standard deviation. New and gone: as sure as it is that so many calls at an even rate would not all fall on one side. Calls are taken
      as independent
    </span>
  )
  if (!changes || !compared || changes.length === 0) {
    return (
      <>
        {compared && <ComparedRanges compared={compared} />}
        <TableCard label="Changes" footer={footer}>
          <EmptyState title={changes ? 'Nothing changed.' : 'There is nothing to compare with.'}>
            {changes ? 'No statement is new, gone, slower or faster.' : nothing}
          </EmptyState>
        </TableCard>
      </>
    )
  }
  const uneven = isUneven(compared)
  const hourly = uneven ? ' / h' : ''
  const rate = (value: number, { sampled }: ComparedRange) => (uneven ? (sampled > 0 ? (value / sampled) * HOUR : 0) : value)
  const callWords = (calls: number, side: ComparedRange) => {
    const shown = rate(calls, side)
    return shown > 0 && shown < 9.95 && uneven ? shown.toFixed(1) : count(Math.round(shown))
  }
  return (
    <>
      <ComparedRanges compared={compared} />
      <TableCard label="Changes" footer={footer}>
        <table className="w-full table-fixed border-collapse max-sm:block sm:min-w-[900px]">
          <thead className="max-sm:hidden">
            <tr>
              <HeadCell className="w-24">Change</HeadCell>
              <HeadCell>Statement</HeadCell>
              {['Mean before', 'Mean after', 'Factor', `Calls${hourly} before`, `Calls${hourly} after`, `Time gained or lost${hourly}`].map(
                (label) => (
                  <HeadCell key={label} numeric className={label.startsWith('Time') ? 'w-40' : label.startsWith('Calls') ? 'w-28' : 'w-24'}>
                    {label}
                  </HeadCell>
                ),
              )}
              <HeadCell className="w-44">How sure</HeadCell>
            </tr>
          </thead>
          <tbody ref={body} className="max-sm:block">
            {changes.map(({ key, change, row }) => (
              <Row
                key={key}
                {...cursor(key)}
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
                <Cell numeric className="max-sm:hidden" title={`${exactCount(change.before.calls)} calls`}>
                  {callWords(change.before.calls, compared.before)}
                </Cell>
                <Cell numeric className="max-sm:hidden" title={`${exactCount(change.after.calls)} calls`}>
                  {callWords(change.after.calls, compared.after)}
                </Cell>
                <Cell numeric className="max-sm:hidden">
                  {change.kind === 'gone'
                    ? '–'
                    : `${change.extra < 0 ? '−' : '+'}${milliseconds(Math.abs(rate(change.extra, compared.after)))}`}
                </Cell>
                <Cell className="text-ink-2 max-sm:hidden">{sureness(change.sure)}</Cell>
              </Row>
            ))}
          </tbody>
        </table>
      </TableCard>
    </>
  )
}
