import Link from 'next/link'
import type { TableMonths } from '@/db/guide/table-months'
import { bytes, count } from '../format'
import { Card, CardHeader } from '../ui/card'
import { nextMonthWords, ratio } from './analytics-messages'

const MONTH = new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' })
const LETTER = new Intl.DateTimeFormat('en-US', { month: 'narrow', timeZone: 'UTC' })
/** A day into a partition is in its month, whatever the time zone of its bound. */
const DAY_MS = 86_400_000

/** A table by month of its partitions, or what is known of one without. */
export function MonthsCard({ table, tableHref }: { table: TableMonths; tableHref: string }) {
  const { relname, partitioned, parts, rows, bytes: size } = table
  return (
    <Card label={`Partitions of ${relname}`} className="overflow-hidden pb-1">
      <CardHeader title={<span className="font-mono">{relname}</span>} sub={partitioned ? 'rows by month' : `${count(rows)} rows`}>
        <Link href={tableHref}>{partitioned ? `${parts.length} partitions, ${bytes(size)}` : 'Table'}</Link>
      </CardHeader>
      {partitioned ? <Partitioned table={table} /> : <Plain />}
    </Card>
  )
}

function Partitioned({ table }: { table: TableMonths }) {
  const { relname, parts, defaultRows, scanned } = table
  const most = Math.max(1, ...parts.map(({ rows }) => rows))
  const next = nextMonthWords(table)
  return (
    <>
      <div
        role="img"
        aria-label={`Rows of ${relname} in each month; at most ${count(most)}`}
        className="flex h-28 items-end gap-1 px-4 pt-3"
      >
        {parts.map(({ relname: name, from, rows }) => {
          const words = `${MONTH.format(from + DAY_MS)}: ${count(rows)} rows in ${name}`
          return (
            <span key={name} className="flex h-full min-w-0 flex-1 flex-col justify-end text-center" title={words}>
              <span className="block bg-accent" style={{ height: `${(rows / most) * 80}%` }} />
              <span className="text-[10px] text-ink-3">{LETTER.format(from + DAY_MS)}</span>
            </span>
          )
        })}
      </div>
      <dl className="mt-1 text-cell">
        <Fact label="Next month">
          <span className={next.bad ? 'text-warn' : undefined}>{next.word}</span>
        </Fact>
        <Fact label="Default partition">{defaultRows === null ? 'none' : `${count(defaultRows)} rows`}</Fact>
        <Fact label="Keys">hold created_at: unique within a month</Fact>
        <Fact label="Partitions scanned">
          {scanned === null ? 'not scanned yet' : `at most ${ratio(scanned)} of ${parts.length} a query (scans of all ÷ of the busiest)`}
        </Fact>
      </dl>
    </>
  )
}

function Plain() {
  return (
    <p className="px-4 py-3 text-cell text-ink-2">
      Not partitioned. Partitions by month pay where whole months are removed, or where queries name created_at. Its keys would have to hold
      created_at, too. The sample has them with PROCTOR_SAMPLE_PARTITIONS=on.
    </p>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3 border-t border-grid px-4 py-1.5">
      <dt className="whitespace-nowrap text-ink-3">{label}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  )
}
