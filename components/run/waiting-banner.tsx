'use client'
import { Clock } from 'lucide-react'
import { Fragment, type ReactNode, useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import type { Run, RunBlocker } from '@/db/runs/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { clock } from '../format-time'
import { activityHref } from '../sessions/activity-params'
import { useMayAct } from '../shell/page-status'
import { ButtonLink } from '../ui/button'
import { EndSession } from './end-session'
import { blockerName, blockerState, blockerWho } from './run-messages'

/** Which backends the run waits for, since when, and how they can be made to let go. */
export function WaitingBanner({ run, mayRun: allowed }: { run: Run; mayRun: boolean }) {
  const mayRun = useMayAct(allowed)
  // Held here and not by a line, since a line may come and go while somebody types.
  const [asked, setAsked] = useState<CommandRequest>()
  const between = run.state === 'queued'
  const { phases = [] } = run.progress ?? {}
  const waitingFor = (between ? run.retry?.blockers : run.progress?.waitingFor) ?? []
  const since = between ? run.retry?.since : phases.find(({ state }) => state === 'current')?.startedAt
  return (
    <>
      {waitingFor.length > 0 && (
        <section
          aria-label="Waiting for"
          className="mx-5 mt-4 flex gap-2.5 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell"
        >
          <Clock aria-hidden className="mt-px size-4 shrink-0 text-warn" />
          <ul className="grid min-w-0 flex-1 gap-1.5">
            {waitingFor.map(({ roots = [], ...blocker }) => (
              <Fragment key={`${blocker.pid} ${blocker.backendStart}`}>
                <Line run={run} mayRun={mayRun} onAsk={setAsked} blocker={blocker} since={since} waits={roots.length > 0}>
                  {between ? 'Blocked by' : 'Waiting for'} {blockerName(blocker)}
                </Line>
                {roots.map((root) => (
                  <Line key={`${root.pid} ${root.backendStart}`} run={run} mayRun={mayRun} onAsk={setAsked} blocker={root}>
                    <span className="font-normal">which is blocked itself; the root of its chain is</span> {blockerName(root)}
                  </Line>
                ))}
              </Fragment>
            ))}
          </ul>
        </section>
      )}
      <ConfirmDialog
        server={run.serverId}
        database={run.database}
        commands={asked ? [asked] : []}
        open={asked !== undefined}
        onOpenChange={(open) => !open && setAsked(undefined)}
        stay
      />
    </>
  )
}

interface LineProps {
  run: Run
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  blocker: RunBlocker
  since?: string | null
  /** It only waits itself: whoever it waits for is to be ended. */
  waits?: boolean
  children: ReactNode
}

/** One of those who hold the run up, and the ways to it. */
function Line({ run, mayRun, onAsk, blocker, since, waits, children }: LineProps) {
  return (
    <li className="flex min-w-0 items-center gap-3 [overflow-wrap:anywhere] max-sm:flex-col max-sm:items-start max-sm:gap-1.5">
      <div className="min-w-0 flex-1">
        <b className="font-semibold">{children}</b>
        {blockerState(blocker) && ` (${blockerState(blocker)})`}
        <span className="block text-ink-2">
          {blockerWho(blocker)}
          {blocker.query && (
            <>
              , last query <code className="break-all">{shortened(blocker.query)}</code>
            </>
          )}
          {since && `. Since ${clock(since)} UTC.`}
        </span>
      </div>
      <ButtonLink size="sm" href={activityHref(run.serverId, run.database, blocker.pid)}>
        {blocker.pid === 0 ? 'View it' : 'View session'}
      </ButtonLink>
      {!waits && <EndSession blocker={blocker} mayRun={mayRun} onAsk={onAsk} />}
    </li>
  )
}

const shortened = (query: string): string => {
  const line = query.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}
