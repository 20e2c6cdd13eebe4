import { learnedFrom } from '@/db/domain/learned'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { bytes, count, exactCount, percent, share } from '../format'
import { ago, beyond } from '../format-time'
import { classes } from '../ui/class-names'
import { Identifier } from '../ui/identifier'
import { TrustMark } from '../ui/trust-mark'
import type { IndexSort } from './index-params'
import { VerdictChip } from './verdict-chip'

/** What a cell knows beside its row. */
export interface CellContext {
  /** Since when the statistics count; ISO 8601. */
  windowStart: string | null
  /** When the rows were read. */
  readAt: string
}

/** How a column is laid out: its width at 1174 px, and where it stands in a card under 700 px. */
interface ColumnLook {
  label: string
  width: number
  numeric?: boolean
  sort: IndexSort
  cell: (row: IndexFinding, context: CellContext) => React.ReactNode
  phone: string
}

const quiet = (text: string) => <span className="whitespace-nowrap text-ink-3">{text}</span>

/** By id, in their order. */
export const LOOKS: Record<string, ColumnLook> = {
  name: {
    label: 'Index',
    width: 246,
    sort: 'name',
    phone: 'max-sm:col-start-2 max-sm:col-end-4 max-sm:row-start-1',
    cell: (row) => (
      <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
        <Identifier name={row.indexrelname} />
        {row.partitions > 0 && quiet(`${count(row.partitions)} partitions`)}
        <StandsIn row={row} />
      </span>
    ),
  },
  table: {
    label: 'Table',
    width: 118,
    sort: 'table',
    phone: 'max-sm:col-start-2 max-sm:row-start-2',
    cell: ({ schemaname, relname }) => <TableName schemaname={schemaname} relname={relname} />,
  },
  verdict: {
    label: 'Verdict',
    width: 98,
    sort: 'verdict',
    phone: 'max-sm:col-start-3 max-sm:row-start-2 max-sm:justify-self-end',
    cell: (row) => <VerdictChip verdict={row.verdict} />,
  },
  size: {
    label: 'Size',
    width: 74,
    numeric: true,
    sort: 'size',
    phone: 'max-sm:col-start-3 max-sm:row-start-3',
    cell: (row) => bytes(row.bytes),
  },
  bloat: { label: 'Bloat', width: 204, sort: 'bloat', phone: 'max-sm:col-start-2 max-sm:row-start-3', cell: (row) => <Bloat row={row} /> },
  reclaim: {
    label: 'Reclaim',
    width: 72,
    numeric: true,
    sort: 'reclaim',
    phone: 'max-sm:col-start-2 max-sm:row-start-4 max-sm:text-left',
    cell: (row) => (
      <span className="font-medium">
        <span className="font-normal text-ink-3 sm:hidden">Reclaim </span>
        {row.reclaimBytes > 0 ? bytes(row.reclaimBytes) : '–'}
      </span>
    ),
  },
  scans: {
    label: 'Scans',
    width: 64,
    numeric: true,
    sort: 'scans',
    phone: 'max-sm:hidden',
    cell: (row) => (
      <span title={exactCount(row.idxScan)} className={row.idxScan === '0' ? 'text-ink-3' : undefined}>
        {count(row.idxScan)}
      </span>
    ),
  },
  share: {
    label: '% of table',
    width: 72,
    numeric: true,
    sort: 'share',
    phone: 'max-sm:hidden',
    cell: (row) => (row.tableShare === null || row.tableShare < 0.001 ? quiet(share(row.tableShare)) : share(row.tableShare)),
  },
  last: { label: 'Last used', width: 76, sort: 'last', phone: 'max-sm:hidden', cell: lastUsed },
}

/** With its schema where that is not public. */
export const TableName = ({ schemaname, relname }: { schemaname: string; relname: string }) => (
  <span className="text-ink-2 [overflow-wrap:anywhere]" title={`${schemaname}.${relname}`}>
    {schemaname === 'public' ? relname : `${schemaname}.${relname}`}
  </span>
)

/** The index whose work this one repeats, or which most likely could take it over. */
function StandsIn({ row: { redundantWith, standIn } }: { row: IndexFinding }) {
  if (redundantWith)
    return (
      <span className="text-tick text-ink-3 [overflow-wrap:anywhere]" title={`${redundantWith.indexrelname} serves the same lookups`}>
        redundant with {redundantWith.indexrelname}
      </span>
    )
  if (!standIn?.likely) return null
  return (
    <span className="text-tick text-ink-3 [overflow-wrap:anywhere]" title={`Not certain: ${standIn.doubt}`}>
      {standIn.indexrelname} could stand in
    </span>
  )
}

/** When it was last used: a time where the server keeps it (16), else whether it was used in the window. */
function lastUsed(row: IndexFinding, { windowStart, readAt }: CellContext) {
  if (row.lastIdxScan) return <span className="whitespace-nowrap">{ago(row.lastIdxScan, readAt)}</span>
  return quiet(row.idxScan === '0' && windowStart ? beyond(windowStart, readAt) : '–')
}

/** Bar, percentage and how it was made; hatched and n/a where it is withheld. */
function Bloat({ row }: { row: IndexFinding }) {
  const { bloatRatio, trust, verdict } = row
  const known = bloatRatio !== null && trust.kind !== 'withheld'
  const learned = trust.kind === 'estimated' ? trust.learned : undefined
  // A long reason takes a second line, and the place of the bar.
  const long = trust.kind === 'withheld' && trust.reason.length > 8
  return (
    <span
      className={classes('grid items-start gap-1.5', long ? 'grid-cols-[20px_22px_minmax(0,1fr)]' : 'grid-cols-[50px_30px_minmax(0,1fr)]')}
    >
      <span
        aria-hidden
        className={classes(
          'relative mt-1.5 h-1.5 overflow-hidden rounded-[1px]',
          known
            ? 'bg-sunken in-aria-selected:bg-line-2/60'
            : 'bg-[repeating-linear-gradient(-45deg,var(--line)_0_2px,transparent_2px_5px)]',
        )}
      >
        {known && (
          <i
            className={classes('absolute inset-y-0 left-0', verdict === 'bloated' ? 'bg-warn-fill' : 'bg-live-2')}
            style={{ width: `${Math.max(0, Math.min(100, bloatRatio * 100))}%` }}
          />
        )}
      </span>
      <span className={classes('text-right', !known && 'text-ink-3')}>{known ? percent(bloatRatio) : 'n/a'}</span>
      <TrustMark trust={trust} from={learned && learnedFrom(learned)} wrap />
    </span>
  )
}
