import type { CommandRequest } from '@/db/domain/command-request'
import type { RunBlocker } from '@/db/runs/run-types'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { waysToEnd } from './ways-to-end'

/** What lets go of what a blocker holds: its statement cancelled, or its session ended; each asks for a confirmation. */
export function EndSession({
  blocker,
  mayRun,
  onAsk,
}: {
  blocker: Pick<RunBlocker, 'pid' | 'backendStart' | 'state'>
  /** False: the user is a viewer. */
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}) {
  const ways = waysToEnd(blocker)
  if (ways.length === 0) return null
  return (
    <div className="flex shrink-0 flex-wrap gap-2">
      {ways.map(({ label, request }) => (
        <Button key={label} size="sm" variant="danger" disabled={!mayRun} onClick={() => onAsk(request)}>
          {label}
        </Button>
      ))}
      {!mayRun && (
        <span className="text-label text-ink-2">
          <WhyNot act="Ending" />
        </span>
      )}
    </div>
  )
}
