'use client'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Run } from '@/db/console/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { script } from '../confirm/planned-sql'
import { Button } from '../ui/button'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'

/** What brings the former state back, and the way to run it. */
export function Undo({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  const { undo, undoWith } = run.plan
  if (run.state !== 'succeeded' || !undo) return null
  return (
    <section aria-label="Undo" className="mt-4">
      <SectionTitle
        sub="kept with the run"
        aside={
          undoWith && (
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
      {undoWith && <ConfirmDialog server={run.serverId} database={run.database} commands={[undoWith]} open={open} onOpenChange={setOpen} />}
    </section>
  )
}
