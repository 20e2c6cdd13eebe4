'use client'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Run } from '@/db/runs/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { script } from '../confirm/planned-sql'
import { useMayAct } from '../shell/page-status'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'
import { undoOf } from './run-messages'

/** What brings the former state back, and the way to run it. */
export function Undo({ run, mayRun: allowed, sameCluster }: { run: Run; mayRun: boolean; sameCluster: boolean }) {
  const mayRun = useMayAct(allowed)
  const [open, setOpen] = useState(false)
  const undo = undoOf(run)
  if (!undo) return null
  const { sql, with: undoWith, sub } = undo
  return (
    <section aria-label="Undo" className="mt-4">
      <SectionTitle
        sub={sub}
        aside={
          undoWith && (
            <span className="flex items-center gap-2">
              {!(mayRun && sameCluster) && (
                <span className="text-label font-normal text-ink-3">
                  {sameCluster ? <WhyNot act="Undoing" /> : 'The server is another cluster now'}
                </span>
              )}
              <Button size="sm" disabled={!mayRun || !sameCluster} onClick={() => setOpen(true)}>
                <Undo2 aria-hidden />
                Undo…
              </Button>
            </span>
          )
        }
      >
        Undo
      </SectionTitle>
      <Sql sql={script([sql])} />
      {undoWith && <ConfirmDialog server={run.serverId} database={run.database} commands={[undoWith]} open={open} onOpenChange={setOpen} />}
    </section>
  )
}
