'use client'
import { X } from 'lucide-react'
import { useState } from 'react'
import { cancelRun } from '@/app/runs/actions'
import type { Run } from '@/db/runs/run-types'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { Dialog } from '../ui/dialog'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { ifCancelled, nameOfRun } from './run-messages'

/** Cancel run…, and the question whether one means it. */
export function CancelRun({ run, mayRun, className }: { run: Run; mayRun: boolean; className?: string }) {
  const [open, setOpen] = useState(false)
  const { busy, problem, call } = useAction()
  if (run.state !== 'running' && run.state !== 'queued' && run.state !== 'cancelling') return null
  const cancel = () =>
    call(
      () => cancelRun(run.id),
      () => setOpen(false),
    )
  return (
    <>
      <div className={classes('grid justify-items-end gap-1 max-sm:justify-items-start', className)}>
        <Button variant="danger" disabled={!mayRun || run.state === 'cancelling'} onClick={() => setOpen(true)}>
          <X aria-hidden />
          {run.state === 'cancelling' ? 'Cancelling …' : 'Cancel run…'}
        </Button>
        {!mayRun && <span className="text-label text-ink-3">Takes an operator</span>}
      </div>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="md"
        title={`Cancel run #${run.id}?`}
        description={nameOfRun(run.plan)}
        footer={
          <div className="ml-auto flex gap-3">
            <Button onClick={() => setOpen(false)}>Keep running</Button>
            <Button variant="danger" disabled={busy || run.state === 'cancelling'} onClick={cancel}>
              {busy ? 'Cancelling …' : 'Cancel run'}
            </Button>
          </div>
        }
      >
        <div className="grid gap-3 px-5 py-4">
          <p>{run.state === 'queued' ? notBegun(run) : ifCancelled(run.plan)}</p>
          {problem && <ProblemPanel title="Not cancelled" problem={problem} />}
        </div>
      </Dialog>
    </>
  )
}

const notBegun = ({ retry }: Run): string =>
  retry
    ? 'It is between two tries and has changed nothing: it will not try again, and leaves nothing behind.'
    : 'It has not started, and will not. Nothing is left behind.'
