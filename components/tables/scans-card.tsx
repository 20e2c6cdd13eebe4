'use client'
import type { TableDescription } from '@/db/tables/describe-table'
import { TimeLines } from '../charts/charts'
import { count, exactCount, percent } from '../format'
import { ago } from '../format-time'
import { historyEvents } from '../indexes/history-events'
import { Card, CardHeader, Legend } from '../ui/card'
import type { TableHistory } from './table-answers'
import { countedBuckets } from './table-points'

interface ScansCardProps {
  table: TableDescription
  history: TableHistory | undefined
  readAt: string
}

const whole = (value: number): string => count(Math.round(value))

/** Sequential against index scans over time, and how updates found their place. */
export function ScansCard({ table: { detail }, history, readAt }: ScansCardProps) {
  const told = history && countedBuckets(history.month, history.begin, Date.parse(readAt))
  const seq = Number(detail.seq_scan)
  const updated = Number(detail.n_tup_upd)
  return (
    <Card label="Scans" className="pb-3">
      <CardHeader title="Scans" sub={told ? 'by the samples, up to 30 d' : 'as the statistics count'}>
        <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-live" />}>Index</Legend>
        <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-warn-fill" />}>Sequential</Legend>
      </CardHeader>
      <div className="px-4 pt-2">
        {told ? (
          <TimeLines
            label="Index and sequential scans of the table over time"
            buckets={told.buckets}
            series={[
              { key: 'index', label: 'Index scans', color: 'var(--live)', values: told.sums(({ idxScan }) => idxScan) },
              { key: 'seq', label: 'Sequential scans', color: 'var(--warn-fill)', values: told.sums(({ seqScan }) => seqScan) },
            ]}
            format={whole}
            whole
            height={120}
            events={historyEvents(history.marks.filter(({ at }) => at >= told.buckets.from))}
            filled
          />
        ) : (
          <p className="py-3 text-cell text-ink-3">{history ? 'No scan sampled yet.' : 'Reading …'}</p>
        )}
        <p className="pt-1.5 text-cell text-ink-2">
          {exactCount(detail.seq_scan)} sequential scans read {count(detail.seq_tup_read)} rows
          {seq > 0 && `, ${count(Math.round(Number(detail.seq_tup_read) / seq))} each`}
          {detail.last_seq_scan && `, the last ${ago(detail.last_seq_scan, readAt)}`}. {exactCount(detail.idx_scan)} index scans fetched{' '}
          {count(detail.idx_tup_fetch)} rows.
        </p>
        {updated > 0 && (
          <p className="pt-1 text-cell text-ink-2">
            {percent(Number(detail.n_tup_hot_upd) / updated)} of {count(detail.n_tup_upd)} updates were HOT: they left the indexes alone.
            {detail.n_tup_newpage_upd !== null && ` ${percent(Number(detail.n_tup_newpage_upd) / updated)} went to another page.`}
          </p>
        )}
      </div>
    </Card>
  )
}
