import { count, exactCount, percent } from '../format'
import { COLUMNS, type TableColumn } from './table-columns'

const quiet = (text: string) => <span className="text-ink-3">{text}</span>
const counted = (value: string | undefined) => (value === undefined ? quiet('–') : <span title={exactCount(value)}>{count(value)}</span>)

/** How a table is read and changed: the guide's query of table usage, with the names that pg_stat_user_tables has. */
export const USAGE_COLUMNS: TableColumn[] = [
  ...COLUMNS.filter(({ label }) => label === 'Table' || label === 'Size'),
  { label: 'Seq scans', sort: 'seq', width: 96, numeric: true, phone: 'max-sm:hidden', cell: ({ usage }) => counted(usage?.seqScan) },
  { label: 'Rows read by them', width: 128, numeric: true, phone: 'max-sm:hidden', cell: ({ usage }) => counted(usage?.seqRead) },
  { label: 'Index scans', sort: 'idx', width: 100, numeric: true, phone: 'max-sm:hidden', cell: ({ usage }) => counted(usage?.idxScan) },
  {
    label: 'Rows read',
    sort: 'read',
    width: 92,
    numeric: true,
    phone: 'max-sm:col-start-2 max-sm:row-start-2',
    cell: ({ usage }) => counted(usage ? (BigInt(usage.seqRead) + BigInt(usage.idxFetched)).toString() : undefined),
  },
  {
    label: 'HOT',
    sort: 'hot',
    width: 72,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: ({ usage }) =>
      usage && usage.updated !== '0' ? (
        <span title={`${exactCount(usage.hotUpdated)} of ${exactCount(usage.updated)} updates`}>
          {percent(Number(usage.hotUpdated) / Number(usage.updated))}
        </span>
      ) : (
        quiet('–')
      ),
  },
  {
    label: 'Modified since analyze',
    sort: 'modified',
    width: 158,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: ({ modified, analyzeAt }) => (
      <span title={analyzeAt === null ? undefined : `ANALYZE comes above ${exactCount(Math.round(analyzeAt))}`}>
        {count(modified)}
        {analyzeAt !== null && analyzeAt > 0 && <span className="ml-1.5 text-ink-3">{percent(Number(modified) / analyzeAt)} of due</span>}
      </span>
    ),
  },
]
