import { Clock } from 'lucide-react'
import type { RunBlocker, RunPhase } from '@/db/console/run-types'
import { clock } from '../format-time'
import { CopyButton } from '../ui/copy-button'
import { endSession } from './end-session'
import { blockerState, blockerWho } from './run-words'

/** Which backends the run waits for, and since when. */
export function WaitingBanner({ waitingFor, phase }: { waitingFor: RunBlocker[]; phase: RunPhase | undefined }) {
  if (waitingFor.length === 0) return null
  return (
    <section
      aria-label="Waiting for"
      className="mx-5 mt-4 flex gap-2.5 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell"
    >
      <Clock aria-hidden className="mt-px size-4 shrink-0 text-warn" />
      <ul className="grid min-w-0 flex-1 gap-1.5">
        {waitingFor.map((blocker) => (
          <li
            key={`${blocker.pid} ${blocker.backendStart}`}
            className="flex min-w-0 items-start gap-3 [overflow-wrap:anywhere] max-sm:flex-col max-sm:gap-1.5"
          >
            <div className="min-w-0 flex-1">
              <b className="font-semibold">Waiting for pid {blocker.pid}</b>
              {blockerState(blocker) && ` (${blockerState(blocker)})`}
              <span className="block text-ink-2">
                {blockerWho(blocker)}
                {blocker.query && (
                  <>
                    , last query <code className="break-all">{shortened(blocker.query)}</code>
                  </>
                )}
                {phase?.startedAt && `. Since ${clock(phase.startedAt)} UTC.`}
              </span>
            </div>
            <EndSession blocker={blocker} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A run of its own would queue behind this one, so the statement is there to be taken to another session. */
function EndSession({ blocker }: { blocker: RunBlocker }) {
  const end = endSession(blocker)
  return end && <CopyButton text={end.sql} label={end.label} variant="danger" />
}

const shortened = (query: string): string => {
  const line = query.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}
