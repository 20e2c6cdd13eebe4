'use client'
import { useState } from 'react'
import { adoptOther } from '@/app/servers/actions'
import { moment } from '../format-time'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Dialog } from '../ui/dialog'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

interface ClusterCardProps {
  id: string
  name: string
  recorded: string | null
  timeline: number | null
  /** The cluster that answers, when it is another; its version where it could be asked. */
  other: { identifier: string; version: string | null; since: string | null } | null
  /** The GRANT that lets the role read the identifier, where it may not. */
  grant: string | null
  /** Runs that are queued: what begins only at the recorded cluster. */
  queued: number
}

/** Which cluster a server is, and an administrator's word that it is another one now. */
export function ClusterCard({ id, name, recorded, timeline, other, grant, queued }: ClusterCardProps) {
  const [open, setOpen] = useState(false)
  const { busy, problem, call } = useAction()
  const adopt = () =>
    call(
      () => adoptOther(id, other?.identifier),
      () => setOpen(false),
    )
  return (
    <Card className="grid max-w-[760px] gap-3 p-4" label="Cluster">
      <p className="[overflow-wrap:anywhere]">
        <b className="font-semibold">{recorded ? 'Cluster' : 'Cluster not identified yet'}</b>{' '}
        {recorded && (
          <span className="text-ink-2">
            system identifier <code>{recorded}</code>
            {timeline !== null && `, timeline ${timeline}`}. Nothing is run on any other cluster.
          </span>
        )}
      </p>
      {grant && <ProblemPanel problem={{ message: "Proctor's role may not read the system identifier.", fix: grant }} />}
      {other && (
        <div className="grid gap-3 rounded-control border border-bad-line bg-bad-soft px-3 py-2.5">
          <p className="[overflow-wrap:anywhere]">
            <b className="font-semibold">The address leads to another cluster</b>
            {other.since && ` since ${moment(other.since)}`}: system identifier <code>{other.identifier}</code>
            {other.version && `, PostgreSQL ${other.version}`}. Change the address back, or confirm that this is {name} now.
          </p>
          <div>
            <Button variant="danger" onClick={() => setOpen(true)}>
              This is now {name} …
            </Button>
          </div>
        </div>
      )}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="md"
        title={`This is now ${name}`}
        description="Identified by its system identifier. Nothing is changed on either server."
        footer={
          <Button variant="danger" disabled={busy} onClick={adopt}>
            {busy ? 'Saving …' : `This is now ${name}`}
          </Button>
        }
      >
        <div className="grid gap-3 px-5 py-4 [overflow-wrap:anywhere]">
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
            <dt className="text-ink-3">Until now</dt>
            <dd className="font-mono">{recorded}</dd>
            <dt className="text-ink-3">From now on</dt>
            <dd className="font-mono">
              {other?.identifier}
              {other?.version && `, PostgreSQL ${other.version}`}
            </dd>
          </dl>
          <p>
            {queued === 0
              ? 'No run is queued.'
              : `${queued === 1 ? 'One queued run' : `${queued} queued runs`}, confirmed for the former cluster, will be cancelled.`}{' '}
            Charts show the history of this cluster from now on; that of the former one stays in the console database.
          </p>
          {problem && <ProblemPanel problem={problem} />}
        </div>
      </Dialog>
    </Card>
  )
}
