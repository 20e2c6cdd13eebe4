import Link from 'next/link'
import type { ReactNode } from 'react'
import type { QueuePlace } from '@/db/runs/queue'
import type { Run } from '@/db/runs/run-types'
import { bytes, count, duration } from '../format'
import { ago, moment } from '../format-time'
import { queuedWords } from '../run/queue-messages'
import { isOver, leftSomething, nameOfRun, removedRows, returnedBytes, runMs, stateOf, whoOf } from '../run/run-messages'
import { Badge } from '../ui/badge'
import { HeadCell, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'

export interface ListedRun {
  run: Run
  serverName: string
  /** Where it stands while it is queued. */
  queue: QueuePlace | null
}

/** The one without a width takes what is left. */
const COLUMNS: { label: string; width?: number; numeric?: boolean }[] = [
  { label: 'Run', width: 64, numeric: true },
  { label: 'State', width: 100 },
  { label: 'Statement' },
  { label: 'Where', width: 168 },
  { label: 'Who', width: 180 },
  { label: 'Confirmed', width: 96 },
  { label: 'Took', width: 92, numeric: true },
  { label: 'Space freed', width: 116, numeric: true },
]

const cell = 'px-2 py-[5px] align-top text-cell first:pl-4 last:pr-4 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0'

/** What was run: newest first. Under 700 px rows are cards. */
export function RunsTable({ runs, now, empty }: { runs: ListedRun[]; now: string; empty: ReactNode }) {
  if (runs.length === 0) return <TableCard label="Runs">{empty}</TableCard>
  return (
    <TableCard label="Runs">
      <table className="w-full table-fixed border-collapse max-sm:block sm:min-w-[1040px]">
        <colgroup>
          {COLUMNS.map(({ label, width }) => (
            <col key={label} style={{ width }} />
          ))}
        </colgroup>
        <thead className="max-sm:hidden">
          <tr>
            {COLUMNS.map(({ label, numeric }) => (
              <HeadCell key={label} numeric={numeric}>
                {label}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {runs.map((listed) => (
            <RunRow key={listed.run.id} {...listed} now={now} />
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

function RunRow({ run, serverName, queue, now }: ListedRun & { now: string }) {
  const { word, tone } = stateOf(run.state)
  return (
    <tr className="relative border-b border-grid last:border-b-0 hover:bg-hover max-sm:grid max-sm:grid-cols-[auto_1fr_auto] max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-3.5 max-sm:py-2.5">
      <td className={`${cell} text-right max-sm:row-start-1`}>
        <Link href={`/runs/${run.id}`} className="after:absolute after:inset-0">
          #{run.id}
        </Link>
      </td>
      <td className={`${cell} max-sm:col-start-2 max-sm:row-start-1`}>
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td className={`${cell} max-sm:col-span-3 max-sm:row-start-2`}>
        <Identifier name={nameOfRun(run.plan)} />
        {run.state === 'queued' && queue && <p className="text-ink-3">{queuedWords(queue, run.retry)}</p>}
      </td>
      <td className={`${cell} text-ink-2 [overflow-wrap:anywhere] max-sm:hidden`}>
        {serverName} / {run.database}
      </td>
      <td className={`${cell} [overflow-wrap:anywhere] max-sm:hidden`}>{whoOf(run)}</td>
      <td className={`${cell} max-sm:col-span-2 max-sm:row-start-3 max-sm:text-ink-3`}>
        <time dateTime={run.confirmedAt} title={moment(run.confirmedAt)}>
          {ago(run.confirmedAt, now)}
        </time>
        <span className="sm:hidden">, {duration(runMs(run, now))}</span>
      </td>
      <td className={`${cell} text-right whitespace-nowrap max-sm:hidden`}>{run.state === 'queued' ? '–' : duration(runMs(run, now))}</td>
      <td className={`${cell} text-right whitespace-nowrap max-sm:col-start-3 max-sm:row-start-3`}>
        <Gave run={run} />
      </td>
    </tr>
  )
}

/** Bytes returned or dead rows removed; what it left behind is not hidden. */
function Gave({ run }: { run: Run }) {
  // A drop that succeeded names the copies that are still there; it left none itself.
  const left = run.state === 'succeeded' ? 0 : (run.receipt?.leftovers.length ?? 0)
  const returned = returnedBytes(run)
  const removed = removedRows(run)
  if (left === 0 && leftSomething(run)) return <span className="text-warn">left files</span>
  if (left > 0) return <span className="text-warn">left {left === 1 ? 'a copy' : `${left} copies`}</span>
  if (returned !== null && returned > 0) return <b className="font-medium">{bytes(returned)}</b>
  if (removed !== null && removed > 0n) return `${count(removed)} dead rows`
  return <span className="text-ink-3">{isOver(run.state) ? '0' : '–'}</span>
}
