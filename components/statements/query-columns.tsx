import type { ReactNode } from 'react'
import type { QuerySort } from '@/db/domain/statement-params'
import type { QueryRow } from '@/db/statements/statement-rows'
import { Sparkline } from '../charts/sparkline'
import { bytes, count, exactCount, share } from '../format'
import { SqlText } from '../ui/sql'
import { milliseconds } from './query-messages'
import type { OptionalColumn } from './query-params'

export interface ColumnContext {
  /** What shares of time are of, in ms. */
  databaseMs: number
  blockSize: number
  /** The colour of a statement in the chart, by its key. */
  colors: Map<string, string>
  trackPlanning: boolean
}

interface QueryColumn {
  /** Its name in the menu of columns; without one it always shows. */
  id?: OptionalColumn
  label: string
  title?: string
  sort?: QuerySort
  width?: number
  numeric?: boolean
  /** Where it stands in a card under 700 px. */
  phone: string
  cell: (row: QueryRow, context: ColumnContext) => ReactNode
}

const quiet = (children: ReactNode) => <span className="text-ink-3">{children}</span>
const none = quiet('–')
const HIDDEN = 'max-sm:hidden'
/** Below this a statement reads from disk what it reads. */
const LOW_HIT = 0.9
/** So many deviations above the mean an execution is an outlier that people notice. */
const OUTLIER = 10

export const COLUMNS: QueryColumn[] = [
  {
    label: 'Statement',
    sort: 'query',
    phone: 'max-sm:col-span-2',
    cell: (row, { colors }) => (
      <span className="flex min-w-0 items-center gap-2.5">
        <i aria-hidden className="size-2 shrink-0 rounded-[2px]" style={{ background: colors.get(row.key) ?? 'var(--q0)' }} />
        <code className="truncate">{row.query === null ? quiet('text not seen yet') : <SqlText sql={row.query} />}</code>
        {!row.toplevel && <span title="Called by another statement; its time is part of that one">{quiet('nested')}</span>}
      </span>
    ),
  },
  {
    label: '% of time',
    sort: 'total',
    width: 98,
    numeric: true,
    phone: 'max-sm:row-start-2 max-sm:text-left',
    cell: (row, { databaseMs, colors }) => {
      const part = databaseMs > 0 ? row.total / databaseMs : 0
      return (
        <span className="inline-flex w-full items-center justify-end gap-2 max-sm:justify-start">
          <span aria-hidden className="h-[6px] w-9 overflow-hidden rounded-[2px] bg-sunken">
            <span className="block h-full" style={{ width: `${part * 100}%`, background: colors.get(row.key) ?? 'var(--live-2)' }} />
          </span>
          <span className="w-10">{share(part)}</span>
        </span>
      )
    },
  },
  { id: 'total', label: 'Total', sort: 'total', width: 84, numeric: true, phone: HIDDEN, cell: ({ total }) => milliseconds(total) },
  {
    id: 'calls',
    label: 'Calls',
    sort: 'calls',
    width: 62,
    numeric: true,
    phone: HIDDEN,
    cell: ({ calls }) => <span title={exactCount(calls)}>{count(calls)}</span>,
  },
  {
    label: 'Mean',
    sort: 'mean',
    width: 72,
    numeric: true,
    phone: 'max-sm:row-start-2 max-sm:font-medium',
    cell: ({ mean, calls }) => (calls === 0 ? none : <span className="font-medium">{milliseconds(mean)}</span>),
  },
  {
    id: 'stddev',
    label: 'Stddev',
    sort: 'stddev',
    width: 66,
    numeric: true,
    phone: HIDDEN,
    cell: ({ stddev, calls }) => (calls < 2 ? none : milliseconds(stddev)),
  },
  {
    id: 'max',
    label: 'Max',
    title: 'The longest execution. ≤: the longest since counting began, not within this range.',
    sort: 'max',
    width: 78,
    numeric: true,
    phone: HIDDEN,
    cell: ({ max, maxWithin, mean, stddev }) => (
      <span className={maxWithin && max !== null && max > mean + OUTLIER * stddev && max > 100 ? 'font-medium text-warn' : undefined}>
        {max !== null && !maxWithin && quiet('≤ ')}
        {milliseconds(max)}
      </span>
    ),
  },
  {
    id: 'rows',
    label: 'Rows',
    title: 'Rows per call',
    sort: 'rows',
    width: 52,
    numeric: true,
    phone: HIDDEN,
    cell: ({ rows, calls }) => <span title={`${exactCount(rows)} rows in all`}>{calls === 0 ? none : perCall(rows / calls)}</span>,
  },
  {
    id: 'hit',
    label: 'Hit',
    title: 'Share of blocks found in shared buffers',
    sort: 'hit',
    width: 54,
    numeric: true,
    phone: HIDDEN,
    cell: ({ hit, read }) => {
      if (hit + read === 0) return none
      const ratio = hit / (hit + read)
      return <span className={ratio < LOW_HIT && read > 1000 ? 'font-medium text-warn' : undefined}>{share(ratio)}</span>
    },
  },
  {
    id: 'read',
    label: 'Read',
    sort: 'read',
    width: 66,
    numeric: true,
    phone: HIDDEN,
    cell: (row, { blockSize }) =>
      inBytes(row.read * blockSize, `${exactCount(row.read)} blocks read, ${exactCount(row.dirtied)} dirtied, ${exactCount(row.hit)} hit`),
  },
  { id: 'wal', label: 'WAL', sort: 'wal', width: 66, numeric: true, phone: HIDDEN, cell: ({ wal }) => inBytes(wal) },
  {
    id: 'temp',
    label: 'Temp',
    title: 'Temporary blocks, read and written',
    sort: 'temp',
    width: 66,
    numeric: true,
    phone: HIDDEN,
    cell: ({ tempRead, tempWritten }, { blockSize }) =>
      tempRead + tempWritten === 0 ? none : <span className="font-medium text-warn">{bytes((tempRead + tempWritten) * blockSize)}</span>,
  },
  {
    id: 'planning',
    label: 'Planning',
    sort: 'planning',
    width: 72,
    numeric: true,
    phone: HIDDEN,
    cell: ({ planning }, { trackPlanning }) =>
      planning > 0 ? (
        milliseconds(planning)
      ) : (
        <span title={trackPlanning ? undefined : 'pg_stat_statements.track_planning is off'}>{none}</span>
      ),
  },
  {
    id: 'trend',
    label: 'Trend',
    title: 'Mean over the range',
    width: 92,
    phone: HIDDEN,
    cell: ({ trend }) => <Sparkline values={trend} className="h-4 w-16" />,
  },
]

const perCall = (value: number): string => (value > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : count(Math.round(value)))
const inBytes = (value: number, title?: string) => (value === 0 ? none : <span title={title}>{bytes(value)}</span>)
