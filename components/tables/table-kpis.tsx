import type { TableSummary } from '@/db/tables/list-tables'
import { bytesShort, count, exactCount, percent, plural } from '../format'
import { day, span } from '../format-time'
import { TextButton } from '../ui/button'
import { Kpi, KpiStrip } from '../ui/card'
import { whole } from './table-messages'

interface TableKpisProps {
  summary: TableSummary
  database: string
  readAt: string
  /** Left out for a viewer, who resets nothing. */
  onReset?: () => void
}

/** Five numbers with their context. */
export function TableKpis({ summary, database, readAt, onReset }: TableKpisProps) {
  const { total, partitions, bytes, indexBytes, databaseBytes, live, dead, act, due, oldest, statsReset, statsSince } = summary
  // The rest of a database are its system catalogs.
  const ofDatabase = databaseBytes ? `, ${percent((bytes + indexBytes) / databaseBytes)} of ${database}` : ''
  const rows = Number(live) + Number(dead)
  const since = statsReset ?? statsSince
  return (
    <KpiStrip className="mb-4 grid-cols-[1.1fr_1.2fr_1.1fr_1.2fr_1fr] max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Kpi
        label="Tables"
        value={exactCount(total)}
        context={
          partitions > 0 ? plural(partitions, 'partition', 'partitions') : `${bytesShort(bytes + indexBytes)} with indexes${ofDatabase}`
        }
      />
      <Kpi label="Dead rows" value={count(dead)} context={rows > 0 ? `${percent(Number(dead) / rows)} of all` : 'no rows'} />
      <Kpi
        label="Needs action"
        value={<span className={act > 0 ? 'text-warn' : undefined}>{act}</span>}
        context={`${due} for autovacuum`}
      />
      <Kpi
        label="Oldest XID age"
        value={oldest ? count(oldest.xidAge) : 'n/a'}
        context={oldest ? `of ${whole(oldest.freezeAt)}` : undefined}
      />
      <Kpi
        label="Stats window"
        mark={onReset && <TextButton onClick={onReset}>Reset…</TextButton>}
        value={span(since, readAt)}
        context={`since ${day(since, readAt)}`}
      />
    </KpiStrip>
  )
}
