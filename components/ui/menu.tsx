'use client'
import { ChevronDown } from 'lucide-react'
import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react'
import { buttonClass } from './button'

const parts = () => import('./menu-parts')
const OpenMenu = lazy(async () => ({ default: (await parts()).OpenMenu }))

export const MenuItem = lazy(async () => ({ default: (await parts()).Item }))
export const MenuLink = lazy(async () => ({ default: (await parts()).LinkItem }))
export const MenuCheck = lazy(async () => ({ default: (await parts()).CheckItem }))
export const MenuGroup = lazy(async () => ({ default: (await parts()).Group }))
export const MenuSeparator = lazy(async () => ({ default: (await parts()).Line }))

/** What a menu's trigger must take: a button does. */
type Trigger = ReactElement<React.ButtonHTMLAttributes<HTMLButtonElement>>

interface MenuProps {
  /** A ready button (an IconButton), or the words of a button with a chevron. */
  trigger: Trigger | string
  icon?: ReactNode
  align?: 'start' | 'end'
  children: ReactNode
}

/**
 * A button that opens a list of actions; arrows, letters and Esc work. Until it is first wanted it is a plain
 * button: the pointer or the focus on it fetches the code, the click opens it.
 */
export function Menu({ trigger, icon, align = 'start', children }: MenuProps) {
  const [made, make] = useState(false)
  const button: Trigger =
    typeof trigger === 'string' ? (
      <button type="button" className={buttonClass()}>
        {icon}
        {trigger}
        <ChevronDown aria-hidden className="-mr-[3px] text-ink-3" />
      </button>
    ) : (
      trigger
    )
  const plain = cloneElement(button, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void parts(),
    onFocus: () => void parts(),
    onClick: () => make(true),
  })
  if (!made) return plain
  return (
    <Suspense fallback={plain}>
      <OpenMenu trigger={button} align={align}>
        {children}
      </OpenMenu>
    </Suspense>
  )
}
