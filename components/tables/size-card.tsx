'use client'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { TableDescription } from '@/db/tables/describe-table'
import { StackedArea } from '../charts/charts'
import { bytes, bytesShort, plural } from '../format'
import { ago, day, moment } from '../format-time'
import { historyEvents } from '../indexes/history-events'
import { Card, CardHeader, Legend } from '../ui/card'
import { TrustMark } from '../ui/trust-mark'
import { sizePointsOf } from './size-points'
import type { TableHistory } from './table-answers'

interface SizeCardProps {
  table: TableDescription
  indexes: IndexFinding[]
  history: TableHistory | undefined
  readAt: string
}

interface Part {
  name: string
  bytes: number | null
  bloat: number | null
  trust: Parameters<typeof TrustMark>[0]['trust'] | null
}

const BAR = 'block h-[13px]'

/** What the files of a table are made of, what of it is bloat, and how they grew. */
export function SizeCard({ table, indexes, history, readAt }: SizeCardProps) {
  const { detail, finding } = table
  const parts = partsOf(table, indexes)
  const known = parts.flatMap(({ bytes: size }) => size ?? [])
  const total = known.reduce((sum, size) => sum + size, 0)
  const most = Math.max(...known, 1)
  const sizes = {
    heap: (detail.heap_bytes ?? finding.bytes ?? 0) + (detail.map_bytes ?? 0),
    toast: detail.toast_bytes ?? 0,
    indexes: detail.index_bytes ?? finding.indexBytes ?? 0,
  }
  const hidden = detail.skipped !== null || known.length === 0
  const grown = history && sizePointsOf(history.sizes, hidden ? null : sizes, Date.parse(readAt), history.begin)
  return (
    <Card label="Size" className="pb-3">
      <CardHeader title="Size" sub={hidden ? 'hidden by a lock' : `${bytes(total)} on disk`}>
        <Legend mark={<i aria-hidden className="size-2 rounded-[2px] bg-live" />}>Live</Legend>
        <Legend mark={<i aria-hidden className="size-2 rounded-[2px] bg-warn-fill" />}>Bloat</Legend>
      </CardHeader>
      {hidden ? (
        <LastSize history={history} why={detail.skipped} readAt={readAt} />
      ) : (
        <dl className="px-4 pt-2">
          {parts.map(({ name, bytes: size, bloat, trust }) => (
            <div
              key={name}
              className="grid grid-cols-[64px_minmax(0,1fr)_74px_132px] items-center gap-2.5 py-1 text-cell max-sm:grid-cols-[64px_minmax(0,1fr)_74px]"
            >
              <dt className="text-ink-2">{name}</dt>
              <dd aria-hidden className="flex">
                <span className={`${BAR} bg-live`} style={{ width: `${(((size ?? 0) - (bloat ?? 0)) / most) * 100}%` }} />
                {bloat !== null && bloat > 0 && (
                  <span className={`${BAR} ml-px bg-warn-fill`} style={{ width: `${(bloat / most) * 100}%` }} />
                )}
              </dd>
              <dd className="text-right font-medium">{bytes(size)}</dd>
              <dd className="flex min-w-0 items-center gap-1.5 text-ink-3 max-sm:col-span-2 max-sm:col-start-2">
                {bloat !== null && `${bytesShort(bloat)} bloat`}
                {trust && <TrustMark trust={trust} wrap />}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {detail.map_bytes !== null && detail.map_bytes > 0 && (
        <p className="px-4 pt-1 text-label text-ink-3">
          Heap includes {bytesShort(detail.map_bytes)} of free space map and visibility map.
        </p>
      )}
      <h3 className="px-4 pt-2.5 pb-2 text-cell font-semibold">
        Growth {grown && <span className="font-normal text-ink-3">{growthWords(grown, readAt)}</span>}
      </h3>
      <div className="px-4 pt-1">
        {grown ? (
          <StackedArea
            label="Size of the table over time"
            sumWord="in all"
            buckets={grown.buckets}
            series={grown.series}
            format={bytesShort}
            height={132}
            events={history ? historyEvents(history.marks.filter(({ at }) => at >= grown.buckets.from)) : []}
          />
        ) : (
          <p className="py-3 text-cell text-ink-3">{history ? 'No size sampled yet: sizes are looked at every hour.' : 'Reading …'}</p>
        )}
      </div>
    </Card>
  )
}

const withheldBloat = { bloat: null, trust: null }

function partsOf({ detail, finding, partitions }: TableDescription, indexes: IndexFinding[]): Part[] {
  const { heap, toast } = finding.bloat ?? { heap: null, toast: null }
  const bloated = indexes.flatMap(({ bloatBytes }) => bloatBytes ?? [])
  const plusMinus = Math.max(0, ...indexes.map(({ trust }) => (trust.kind === 'estimated' ? trust.plusMinus : 0)))
  const ofIndexes: Pick<Part, 'bloat' | 'trust'> =
    bloated.length === 0
      ? withheldBloat
      : {
          bloat: bloated.reduce((sum, size) => sum + size, 0),
          trust:
            bloated.length < indexes.length
              ? { kind: 'withheld', reason: plural(indexes.length - bloated.length, 'index', 'indexes') }
              : plusMinus > 0
                ? { kind: 'estimated', plusMinus }
                : { kind: 'exact' },
        }
  const heapPart = { bloat: heap?.bloatBytes ?? null, trust: heap?.trust ?? null }
  if (partitions.length > 0 || finding.kind === 'partitioned table')
    return [
      { name: 'Tables', bytes: finding.bytes, ...heapPart },
      { name: 'Indexes', bytes: finding.indexBytes, ...withheldBloat },
    ]
  return [
    { name: 'Heap', bytes: detail.heap_bytes === null ? null : detail.heap_bytes + (detail.map_bytes ?? 0), ...heapPart },
    { name: 'TOAST', bytes: detail.toast_bytes, bloat: toast?.bloatBytes ?? null, trust: toast?.trust ?? null },
    { name: 'Indexes', bytes: detail.index_bytes, ...ofIndexes },
  ]
}

/** The last size that was sampled, with its age, while a lock hides the present one. */
function LastSize({ history, why, readAt }: { history: TableHistory | undefined; why: string | null; readAt: string }) {
  const last = history?.sizes.at(-1)
  return (
    <p className="px-4 pt-2 text-cell text-ink-2">
      {why ?? 'Its size could not be read'}.{' '}
      {last ? (
        <span title={moment(last.at)}>
          Last known: <b className="font-semibold text-ink">{bytes(last.heap + last.toast + last.indexes)}</b>, {ago(last.at, readAt)}.
        </span>
      ) : (
        'No size was sampled before.'
      )}
    </p>
  )
}

function growthWords({ buckets, series }: NonNullable<ReturnType<typeof sizePointsOf>>, readAt: string): string {
  const sumAt = (index: number) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0)
  const change = sumAt(buckets.times.length - 1) - sumAt(0)
  const since = `since ${day(buckets.from, readAt)}`
  if (change === 0) return `No change ${since}`
  return `${change > 0 ? '+' : '−'}${bytesShort(Math.abs(change))} ${since}`
}
