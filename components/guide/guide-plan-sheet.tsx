'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { Explained } from '@/db/statements/explain-statement'
import { planEvidence, planTitle } from '../statements/plan-messages'
import { PlanPage } from '../statements/plan-page'
import { IconButton } from '../ui/button'

interface GuidePlanSheetProps {
  explained: Explained
  where: string
  blockSize: number
  onClose: () => void
}

/** The plan of a query's last run over the whole window. */
export function GuidePlanSheet({ explained, where, blockSize, onClose }: GuidePlanSheetProps) {
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup data-modal className="fixed inset-0 z-30 flex flex-col bg-surface outline-none">
          <header className="flex gap-3 border-b border-line bg-canvas px-5 py-3 max-sm:px-3">
            <div className="min-w-0">
              <p className="truncate text-label text-ink-3">{where}</p>
              <Base.Title className="text-dialog font-semibold tracking-[-.015em] [overflow-wrap:anywhere]">
                {planTitle(explained.plan)}
              </Base.Title>
              <Base.Description className="text-ink-2">{planEvidence(explained.plan)}</Base.Description>
            </div>
            <Base.Close render={<IconButton label="Close plan" className="ml-auto" />}>
              <X aria-hidden />
            </Base.Close>
          </header>
          <PlanPage explained={explained} blockSize={blockSize} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
