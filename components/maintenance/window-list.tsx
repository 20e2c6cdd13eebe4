'use client'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { takeWindowAway } from '@/app/servers/[id]/actions'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { WindowForm } from './window-form'
import { Zoned } from './zoned'

interface WindowListProps {
  server: string
  windows: MaintenanceWindow[]
  /** With these an administrator adds, changes and removes windows. */
  change?: { timeZone: string }
}

/** The maintenance windows of a server, each with its words and its next openings. */
export function WindowList({ server, windows, change }: WindowListProps) {
  const [edited, setEdited] = useState<MaintenanceWindow | null>(null)
  const [open, setOpen] = useState(false)
  const edit = (window: MaintenanceWindow | null) => {
    setEdited(window)
    setOpen(true)
  }
  return (
    <div className="grid gap-3">
      {windows.length === 0 && <p className="text-cell text-ink-2">None yet: every run starts as soon as the runs before it have ended.</p>}
      {windows.length > 0 && (
        <ul className="grid">
          {windows.map((window) => (
            <Entry key={window.id} server={server} window={window} onEdit={change && (() => edit(window))} />
          ))}
        </ul>
      )}
      {change && (
        <div>
          <Button onClick={() => edit(null)}>
            <CalendarClock aria-hidden />
            Add window…
          </Button>
          <WindowForm server={server} window={edited} timeZone={change.timeZone} open={open} onOpenChange={setOpen} />
        </div>
      )}
    </div>
  )
}

function Entry({ server, window, onEdit }: { server: string; window: MaintenanceWindow; onEdit?: () => void }) {
  const { busy, problem, call } = useAction()
  const { name, words, cron, open, opensAt, closesAt, next, timeZone, waiting } = window
  return (
    <li className="grid gap-1.5 border-t border-grid py-2.5 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="font-semibold">{name}</h3>
        {open && <Badge tone="run">Open now</Badge>}
        {waiting > 0 && <Badge>{waiting === 1 ? 'one run waits' : `${waiting} runs wait`}</Badge>}
        {onEdit && (
          <span className="ml-auto flex gap-2">
            <Button size="sm" onClick={onEdit} aria-label={`Change ${name}…`}>
              Change…
            </Button>
            <Button
              size="sm"
              variant="danger"
              onClick={() => call(() => takeWindowAway(server, window.id))}
              disabled={busy}
              aria-label={`Remove ${name}`}
            >
              Remove
            </Button>
          </span>
        )}
      </div>
      <p className="text-cell text-ink-2">
        {words} <code className="ml-1 text-ink-3">{cron}</code>
      </p>
      <ol aria-label={`Next openings of ${name}`} className="text-cell text-ink-2">
        {open && (
          <li>
            Since <Zoned at={opensAt} zone={timeZone} />, until <Zoned at={closesAt} zone={timeZone} />
          </li>
        )}
        {next.map((at) => (
          <li key={at}>
            <Zoned at={at} zone={timeZone} />
          </li>
        ))}
      </ol>
      {problem && <ProblemPanel title="Not removed" problem={problem} />}
    </li>
  )
}
