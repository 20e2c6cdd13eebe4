'use client'
import { Menu as MenuIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../ui/button'
import { NavLinks } from './nav-links'

const MobilePanel = dynamic(() => import('./mobile-panel').then((module) => module.MobilePanel), { ssr: false })

interface MobileMenuProps {
  place?: { server: string; database: string }
  active?: string
  running?: number
  findings?: number
  guide?: Promise<boolean>
  admin: boolean
  /** Brand and switchers. */
  head: ReactNode
  foot: ReactNode
}

/** Under 700 px: the navigation behind one button. */
export function MobileMenu({ place, active, running, findings, guide, admin, head, foot }: MobileMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton label="Menu" aria-haspopup="dialog" aria-expanded={open} className="size-10!" onClick={() => setOpen(true)}>
        <MenuIcon aria-hidden />
      </IconButton>
      {open && (
        <MobilePanel head={head} foot={foot} onClose={() => setOpen(false)}>
          <NavLinks
            place={place}
            active={active}
            running={running}
            findings={findings}
            guide={guide}
            admin={admin}
            onNavigate={() => setOpen(false)}
          />
        </MobilePanel>
      )}
    </>
  )
}
