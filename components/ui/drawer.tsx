'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { exactCount } from '../format'
import { IconButton } from './button'
import { ScrollRegion } from './scroll-region'

interface DrawerProps {
  open: boolean
  onClose: () => void
  label: string
  header: ReactNode
  children: ReactNode
  footer?: ReactNode
}

/**
 * 592 px at the right, not modal: the list behind stays live, and only Esc or its own button closes it.
 * Focus goes to the drawer when it opens and back to where it was when it closes.
 */
export function Drawer({ open, onClose, label, header, children, footer }: DrawerProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()} modal={false} disablePointerDismissal>
      <Base.Portal>
        <Base.Popup
          aria-label={label}
          className="fixed inset-y-0 right-0 z-20 flex w-[592px] max-w-full flex-col border-l border-line bg-surface shadow-float outline-none max-sm:w-full max-sm:border-l-0"
        >
          <div className="border-b border-line px-5 pt-3.5 pb-3">{header}</div>
          <ScrollRegion label={`${label}, details`} className="min-h-0 flex-1 px-5 py-3.5 -outline-offset-2">
            {children}
          </ScrollRegion>
          {footer && (
            <footer className="flex items-center gap-2 border-t max-sm:flex-wrap border-line bg-canvas px-5 py-2.5">{footer}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface DrawerWaysProps {
  /** What the list behind is of: index. */
  what: string
  /** Where the open one stands in the list, from 0: null when it is not in it, left out where that is not known. */
  position?: { at: number; of: number } | null
  onMove: (by: 1 | -1) => void
  onClose: () => void
}

/** The right end of a drawer's first line: to the one before, to the one after, and out. */
export function DrawerWays({ what, position, onMove, onClose }: DrawerWaysProps) {
  const look = 'w-6! max-sm:w-10!'
  return (
    <>
      <span className="ml-auto text-label whitespace-nowrap text-ink-3">
        {position && `${exactCount(position.at + 1)} of ${exactCount(position.of)}`}
      </span>
      <IconButton
        label={`Previous ${what} (K)`}
        className={look}
        disabled={position === null || position?.at === 0}
        onClick={() => onMove(-1)}
      >
        <ChevronLeft aria-hidden />
      </IconButton>
      <IconButton
        label={`Next ${what} (J)`}
        className={look}
        disabled={position === null || (position !== undefined && position.at === position.of - 1)}
        onClick={() => onMove(1)}
      >
        <ChevronRight aria-hidden />
      </IconButton>
      <IconButton label="Close (Esc)" className={look} onClick={onClose}>
        <X aria-hidden />
      </IconButton>
    </>
  )
}
