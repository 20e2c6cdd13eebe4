'use client'
import { Unlock, X } from 'lucide-react'
import Link from 'next/link'
import { plural } from '../format'
import { useLive } from '../live/use-live'
import { IconButton } from '../ui/button'
import { Card } from '../ui/card'
import type { ActivityAnswer } from './activity-types'
import { releasedOf, type Waiter } from './released'

/** A session that was cancelled or ended from this page, and who stood behind it then. */
export interface EndedHere {
  run: string
  pid: number
  waiters: Waiter[]
}

interface ReleasedCardProps {
  ended: EndedHere
  activity: ActivityAnswer
  /** ISO 8601. */
  readAt: string
  onClose: () => void
}

const EVERY_MS = 2_000
/** More are told by their number. */
const NAMED = 4

/** What ending a session released: who went on, who still waits and for whom, and the run that did it. */
export function ReleasedCard({ ended: { run: id, pid, waiters }, activity, readAt, onClose }: ReleasedCardProps) {
  const { answer } = useLive('run', { id }, { everyMs: EVERY_MS })
  const run = answer?.ok ? answer.value.run : undefined
  const over = run?.endedAt != null && Date.parse(readAt) >= Date.parse(run.endedAt)
  const { wentOn, ended, waiting } = releasedOf(waiters, activity)
  const title =
    run?.endedAt == null
      ? `pid ${pid}: the run has not ended yet.`
      : run.state !== 'succeeded'
        ? `pid ${pid}: the run ${run.state === 'failed' ? 'failed' : `is ${run.state}`}.`
        : waiters.length === 0
          ? `pid ${pid}: done. No session was waiting for it.`
          : over
            ? `pid ${pid}: done. ${wentOn.length} of ${plural(waiters.length, 'waiting session', 'waiting sessions')} went on.`
            : `pid ${pid}: done.`
  return (
    <Card label="Released" className="mb-4 flex items-start gap-2.5 px-4 py-2.5 text-cell">
      <Unlock aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      <div role="status" className="min-w-0 flex-1">
        <p>
          <b className="font-semibold">{title}</b>{' '}
          <Link href={`/runs/${id}`} className="text-accent hover:underline">
            Run #{id}
          </Link>
        </p>
        {over && waiters.length > 0 && (
          <ul className="text-ink-2">
            {wentOn.length > 0 && <li>Went on: {named(wentOn)}.</li>}
            {ended.length > 0 && <li>Ended meanwhile: {named(ended)}.</li>}
            {waiting.slice(0, NAMED).map(({ waiter, on }) => (
              <li key={waiter.pid}>
                {nameOfWaiter(waiter)} waits for {on}.
              </li>
            ))}
            {waiting.length > NAMED && <li>{waiting.length - NAMED} more wait.</li>}
          </ul>
        )}
      </div>
      <IconButton label="Close" onClick={onClose}>
        <X aria-hidden />
      </IconButton>
    </Card>
  )
}

const nameOfWaiter = ({ pid, who }: Waiter): string => `pid ${pid} (${who})`

const named = (waiters: Waiter[]): string => {
  const rest = waiters.length - NAMED
  return `${waiters.slice(0, NAMED).map(nameOfWaiter).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
