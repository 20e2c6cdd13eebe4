'use client'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Leftover, Run } from '@/db/console/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { bytes } from '../format'
import { Button } from '../ui/button'

/** What a failed or cancelled concurrent build left behind, and the way to remove it. */
export function Leftovers({ run, leftovers }: { run: Run; leftovers: Leftover[] }) {
  const [removing, setRemoving] = useState<Leftover>()
  return (
    <ul aria-label="Left behind" className="mx-5 mt-3.5 grid gap-2">
      {leftovers.map((leftover) => (
        <li
          key={leftover.oid}
          className="flex items-center gap-3 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell max-sm:flex-col max-sm:items-start"
        >
          <div className="min-w-0">
            <p className="[overflow-wrap:anywhere]">
              <code className="font-semibold">
                {leftover.schemaname}.{leftover.relname}
              </code>
              , {bytes(leftover.bytes)}, was left behind.
            </p>
            <p className="text-ink-2">{leftover.advice}</p>
          </div>
          <Button className="ml-auto max-sm:ml-0" onClick={() => setRemoving(leftover)}>
            <Trash2 aria-hidden />
            Remove leftover…
          </Button>
        </li>
      ))}
      <ConfirmDialog
        server={run.serverId}
        database={run.database}
        commands={removing ? [{ command: 'drop-leftover-index', input: { oid: removing.oid } }] : []}
        open={removing !== undefined}
        onOpenChange={(open) => !open && setRemoving(undefined)}
      />
    </ul>
  )
}
