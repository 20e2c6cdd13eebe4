import { Check, Clock, Loader, type LucideIcon, X } from 'lucide-react'
import Link from 'next/link'
import type { Run, RunState } from '@/db/runs/run-types'
import { bytes, count, duration } from '../format'
import { ago, moment } from '../format-time'
import { leftSomething, removedRows, returnedBytes, runMs, stateOf } from '../run/run-messages'
import { Card, CardHeader } from '../ui/card'

const MARK: Record<RunState, { icon: LucideIcon; tone: string }> = {
  queued: { icon: Clock, tone: 'text-ink-3' },
  running: { icon: Loader, tone: 'text-accent' },
  cancelling: { icon: Loader, tone: 'text-warn' },
  succeeded: { icon: Check, tone: 'text-ok' },
  failed: { icon: X, tone: 'text-bad' },
  lost: { icon: X, tone: 'text-bad' },
  cancelled: { icon: X, tone: 'text-warn' },
}

/** The last runs on a server, newest first. */
export function RecentRuns({ runs, now, allHref }: { runs: Run[]; now: string; allHref: string }) {
  return (
    <Card label="Recent runs" className="pb-1">
      <CardHeader title="Recent runs">
        <Link href={allHref}>All runs</Link>
      </CardHeader>
      {runs.length === 0 ? (
        <p className="px-4 pt-2 pb-3 text-cell text-ink-3">No runs on this server yet.</p>
      ) : (
        <ul className="mt-2">
          {runs.map((run) => (
            <RunLine key={run.id} run={run} now={now} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function RunLine({ run, now }: { run: Run; now: string }) {
  const { icon: Icon, tone } = MARK[run.state]
  return (
    <li className="relative grid grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-[9px] border-t border-grid px-4 py-[7px] text-cell first:border-line hover:bg-hover">
      <Icon aria-hidden className={`mt-0.5 size-3.5 ${tone}`} />
      <div className="min-w-0">
        <Link href={`/runs/${run.id}`} className="text-ink [overflow-wrap:anywhere] after:absolute after:inset-0">
          {run.plan.title}
        </Link>
        <p className="text-label text-ink-3">{[`#${run.id}`, ...gave(run)].join(', ')}</p>
      </div>
      <p className="text-right text-label whitespace-nowrap text-ink-3">
        <time dateTime={run.confirmedAt} title={moment(run.confirmedAt)}>
          {ago(run.confirmedAt, now)}
        </time>
        {run.startedAt && (
          <>
            <br />
            {duration(runMs(run, now))}
          </>
        )}
      </p>
    </li>
  )
}

function gave(run: Run): string[] {
  const returned = returnedBytes(run)
  const removed = removedRows(run)
  const words: string[] = []
  if (run.state !== 'succeeded') words.push(stateOf(run.state).word.toLowerCase())
  if (returned !== null && returned > 0) words.push(`${bytes(returned)} returned`)
  if (removed !== null && removed > 0n) words.push(`${count(removed)} dead rows removed`)
  if (leftSomething(run)) words.push(run.receipt?.files ? 'left files' : 'left a copy')
  return words
}
