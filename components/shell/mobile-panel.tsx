'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/button'

interface MobilePanelProps {
  /** Brand and switchers. */
  head: ReactNode
  foot: ReactNode
  onClose: () => void
  children: ReactNode
}

/** The navigation from the left edge, over the page. */
export function MobilePanel({ head, foot, onClose, children }: MobilePanelProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim" />
        <Base.Popup
          data-modal
          aria-label="Menu"
          className="fixed inset-y-0 left-0 z-30 flex w-72 max-w-[85vw] flex-col gap-0.5 overflow-y-auto border-r border-line bg-canvas px-2 py-2.5 shadow-float outline-none"
        >
          <div className="flex items-start justify-between">
            <div className="min-w-0 flex-1">{head}</div>
            <Base.Close render={<IconButton label="Close" />}>
              <X aria-hidden />
            </Base.Close>
          </div>
          <nav aria-label="Pages">{children}</nav>
          <div className="mt-auto">{foot}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
