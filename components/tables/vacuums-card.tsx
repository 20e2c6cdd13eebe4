'use client'
import Link from 'next/link'
import { bytesShort, duration, percent, plural } from '../format'
import { useLive } from '../live/use-live'
import { activityHref } from '../sessions/activity-params'
import { Badge } from '../ui/badge'
import { Card, CardHeader } from '../ui/card'
import { tableHref } from './table-href'
import { tableName } from './table-messages'
import { progressWords } from './table-page-messages'

const REFRESH_MS = 3_000

/** Every VACUUM at work in the database, with its phase and how far it is; nothing while there is none. */
export function VacuumsCard({ server, database }: { server: string; database: string }) {
  const { answer } = useLive('vacuum-progress', { server, database }, { everyMs: REFRESH_MS })
  const vacuums = answer?.ok ? answer.value : []
  if (vacuums.length === 0) return null
  return (
    <Card label="Running vacuums" className="mb-4 pb-1">
      <CardHeader title="Running vacuums" sub={plural(vacuums.length, 'backend', 'backends')} />
      <ul className="px-4 pt-1.5">
        {vacuums.map((vacuum) => {
          const share = vacuum.heap_bytes && vacuum.scanned_bytes !== null ? vacuum.scanned_bytes / vacuum.heap_bytes : null
          const relid = vacuum.owner ?? vacuum.relid
          return (
            <li key={vacuum.pid} className="grid gap-1 border-t border-grid py-2 text-cell first:border-t-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                {relid !== null && vacuum.relname !== null && vacuum.schemaname !== null ? (
                  <Link href={tableHref(server, database, relid)}>
                    {tableName({ schemaname: vacuum.schemaname, relname: vacuum.relname })}
                  </Link>
                ) : (
                  <span>a table that this role cannot see</span>
                )}
                <Link href={activityHref(server, database, vacuum.pid)} className="text-ink-3">
                  pid {vacuum.pid}
                </Link>
                {vacuum.automatic && <Badge>autovacuum</Badge>}
                {vacuum.wraparound && <Badge tone="warn">against wraparound</Badge>}
                <span className="text-ink-2">{progressWords(vacuum)}</span>
                <span className="ml-auto text-ink-3">
                  {vacuum.seconds !== null && duration(vacuum.seconds * 1000)}
                  {vacuum.delayed !== null && vacuum.delayed > 0 && `, ${duration(vacuum.delayed * 1000)} of it in cost-based delay`}
                </span>
              </p>
              {share !== null && (
                <span
                  aria-hidden
                  title={`${percent(share)} of ${bytesShort(vacuum.heap_bytes)}`}
                  className="block h-1.5 overflow-hidden rounded-[2px] bg-sunken"
                >
                  <span className="block h-full bg-accent" style={{ width: `${share * 100}%` }} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
