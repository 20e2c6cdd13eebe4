'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { Menu as MenuIcon, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../ui/button'
import { NavLinks } from './nav-links'

interface MobileMenuProps {
  place?: { server: string; database: string }
  active?: string
  running?: number
  /** Brand and switchers. */
  head: ReactNode
  foot: ReactNode
}

/** Under 700 px: the navigation behind one button. */
export function MobileMenu({ place, active, running, head, foot }: MobileMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <Base.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <Base.Trigger render={<IconButton label="Menu" className="!size-10" />}>
        <MenuIcon aria-hidden />
      </Base.Trigger>
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
          <nav aria-label="Pages">
            <NavLinks place={place} active={active} running={running} onNavigate={() => setOpen(false)} />
          </nav>
          <div className="mt-auto">{foot}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
