import type { Standing as InTheWay } from '@/db/runs/lead-server'
import { Button } from '../ui/button'

interface StandingProps {
  ask: InTheWay
  /** What is done once it is agreed to: Save, Remove server. */
  action: string
  busy: boolean
  onAgree: () => void
}

/** What stands in the way of another address, or of removing a server: to be agreed to as it is. */
export function Standing({ ask: { queued, going, cluster }, action, busy, onAgree }: StandingProps) {
  const runs = queued.length + going.length
  return (
    <div
      role="alert"
      className="grid gap-2.5 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell [overflow-wrap:anywhere]"
    >
      {cluster && (
        <p>
          <b className="font-semibold">Another cluster is there.</b> Its system identifier is <code>{cluster.found}</code> (PostgreSQL{' '}
          {cluster.version}); until now it was <code>{cluster.recorded}</code>. Charts show its own history from then on.
        </p>
      )}
      {runs > 0 && (
        <p>
          <b className="font-semibold">{runs === 1 ? 'One run is open.' : `${runs} runs are open.`}</b>{' '}
          {queued.length > 0 && `Queued, will be cancelled: ${list(queued)}. `}
          {going.length > 0 && `Running, will be asked to stop before anything changes: ${list(going)}.`}
        </p>
      )}
      <div>
        <Button variant="danger" disabled={busy} onClick={onAgree}>
          {busy
            ? 'Working …'
            : runs === 0
              ? `${action} as another cluster`
              : `Cancel ${runs === 1 ? 'it' : 'them'} and ${action.toLowerCase()}`}
        </Button>
      </div>
    </div>
  )
}

const list = (ids: string[]): string => {
  const shown = ids.slice(0, 10).map((id) => `#${id}`)
  return ids.length > 10 ? `${shown.join(', ')} and ${ids.length - 10} more` : shown.join(', ')
}
