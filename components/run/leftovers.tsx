'use client'
import { Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { dropLeftoverIndexRequest } from '@/db/commands/drop-leftover-index/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { Leftover, Run } from '@/db/runs/run-types'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { bytes, exactCount } from '../format'
import { useMayAct } from '../shell/page-status'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { Identifier } from '../ui/identifier'

interface LeftoversProps {
  run: Run
  leftovers: Leftover[]
  /** The runs that dropped some of them since, by OID. */
  dropped: Record<number, string>
  /** False: the user is a viewer. */
  mayRun: boolean
}

/** What a failed or cancelled concurrent build left behind, and the way to remove it. */
export function Leftovers({ run, leftovers, dropped, mayRun: allowed }: LeftoversProps) {
  const mayRun = useMayAct(allowed)
  const [asked, setAsked] = useState<CommandRequest[]>([])
  const left = leftovers.filter(({ oid }) => !(oid in dropped))
  const ask = (some: Leftover[]) => setAsked(some.map(({ oid }) => dropLeftoverIndexRequest({ oid })))
  return (
    <section
      aria-label="Left behind"
      className={classes('mx-5 mt-3.5 rounded-control border text-cell', left.length > 0 ? 'border-warn-line bg-warn-soft' : 'border-line')}
    >
      {leftovers.length > 1 && (
        <div className="flex items-center gap-3 px-3 pt-2.5 max-sm:flex-col max-sm:items-start">
          <p className="font-semibold">
            {left.length === 0
              ? 'Everything it left behind has been removed'
              : run.state === 'succeeded'
                ? `${exactCount(left.length)} other invalid indexes are on this table`
                : `${exactCount(left.length)} invalid indexes were left behind`}
          </p>
          {left.length > 1 && (
            <Button className="ml-auto max-sm:ml-0" disabled={!mayRun} onClick={() => ask(left)}>
              <Trash2 aria-hidden />
              Remove all {left.length}…
            </Button>
          )}
        </div>
      )}
      <ul>
        {leftovers.map((leftover) => (
          <LeftoverLine
            key={leftover.oid}
            leftover={leftover}
            droppedBy={dropped[leftover.oid]}
            onRemove={mayRun ? () => ask([leftover]) : undefined}
          />
        ))}
      </ul>
      {!mayRun && left.length > 0 && (
        <p className="px-3 pb-2.5 text-label text-ink-2">
          <WhyNot act="Removing" />.
        </p>
      )}
      <ConfirmDialog
        server={run.serverId}
        database={run.database}
        commands={asked}
        open={asked.length > 0}
        onOpenChange={(open) => !open && setAsked([])}
      />
    </section>
  )
}

function LeftoverLine({ leftover, droppedBy, onRemove }: { leftover: Leftover; droppedBy?: string; onRemove?: () => void }) {
  const { schemaname, relname, advice } = leftover
  return (
    <li className="flex items-center gap-3 border-t border-line px-3 py-2.5 first:border-t-0 max-sm:flex-col max-sm:items-start">
      <div className="min-w-0">
        <p>
          <Identifier name={`${schemaname}.${relname}`} className="font-semibold" />, {bytes(leftover.bytes)}
        </p>
        {!droppedBy && <p className="text-ink-2">{advice}</p>}
      </div>
      {droppedBy ? (
        <span className="ml-auto text-ink-2 max-sm:ml-0">
          Removed by{' '}
          <Link href={`/runs/${droppedBy}`} className="underline">
            run #{droppedBy}
          </Link>
        </span>
      ) : (
        <Button className="ml-auto max-sm:ml-0" disabled={!onRemove} onClick={onRemove}>
          <Trash2 aria-hidden />
          Remove leftover…
        </Button>
      )}
    </li>
  )
}
