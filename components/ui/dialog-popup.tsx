'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button'
import { classes } from './class-names'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  footer?: ReactNode
  /** lg is the 960 px of a confirmation, md 560 px. */
  size?: 'lg' | 'md'
}

/** Modal: focus stays within, Esc closes, the page behind does not scroll. */
export function DialogPopup({ open, onOpenChange, title, description, children, footer, size = 'lg' }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim" />
        <Base.Popup
          data-modal
          className={classes(
            'fixed top-1/2 left-1/2 z-30 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-dialog border border-line bg-surface shadow-float outline-none',
            'max-sm:top-auto max-sm:bottom-0 max-sm:max-h-[calc(100dvh-16px)] max-sm:w-full max-sm:translate-y-0 max-sm:rounded-b-none',
            size === 'lg' ? 'sm:max-w-[960px]' : 'sm:max-w-[560px]',
          )}
        >
          <div className="flex gap-3 border-b border-line px-5 pt-4 pb-3">
            <div className="min-w-0">
              <Base.Title className="text-dialog font-semibold tracking-[-.015em] [overflow-wrap:anywhere]">{title}</Base.Title>
              {description && <Base.Description className="text-ink-2">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton label="Close" className="-mr-1.5 ml-auto" />}>
              <X aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {footer && <div className="flex flex-wrap items-center gap-3 border-t border-line px-5 py-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
