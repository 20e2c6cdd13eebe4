'use client'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Run } from '@/db/console/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { script } from '../confirm/planned-sql'
import { Button } from '../ui/button'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'

/** The command that runs a plan's undo; null where its statements are there to be copied only. */
const undoing = ({ command, plan: { undo } }: Run) =>
  command === 'drop-index' && undo ? { command: 'restore-index', input: { ddl: undo } } : null

/** What brings the former state back, and the way to run it. */
export function Undo({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  const { undo } = run.plan
  if (run.state !== 'succeeded' || !undo) return null
  const request = undoing(run)
  return (
    <section aria-label="Undo" className="mt-4">
      <SectionTitle
        sub="kept with the run"
        aside={
          request && (
            <Button size="sm" onClick={() => setOpen(true)}>
              <Undo2 aria-hidden />
              Undo…
            </Button>
          )
        }
      >
        Undo
      </SectionTitle>
      <Sql sql={script([undo])} />
      {request && <ConfirmDialog server={run.serverId} database={run.database} commands={[request]} open={open} onOpenChange={setOpen} />}
    </section>
  )
}
