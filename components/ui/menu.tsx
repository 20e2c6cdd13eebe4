'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronDown } from 'lucide-react'
import type { ComponentProps, ReactElement, ReactNode } from 'react'
import { type ButtonVariant, buttonClass } from './button'
import { classes } from './class-names'

const item =
  'flex cursor-default items-center gap-2 rounded-control px-2 py-1.5 text-cell text-ink outline-none select-none no-underline data-highlighted:bg-sunken data-disabled:text-ink-3 max-sm:py-2.5 [&_svg]:size-3.5 [&_svg]:text-ink-3'

interface MenuProps {
  /** A ready trigger (an IconButton), or the words of a button with a chevron. */
  trigger: ReactElement | string
  icon?: ReactNode
  variant?: ButtonVariant
  align?: 'start' | 'end'
  defaultOpen?: boolean
  children: ReactNode
}

/** A button that opens a list of actions; arrows, letters and Esc work. */
export function Menu({ trigger, icon, variant, align = 'start', defaultOpen, children }: MenuProps) {
  const opener =
    typeof trigger === 'string' ? (
      <Base.Trigger className={buttonClass({ variant })}>
        {icon}
        {trigger}
        <ChevronDown aria-hidden className="-mr-[3px] text-ink-3" />
      </Base.Trigger>
    ) : (
      <Base.Trigger render={trigger} />
    )
  return (
    <Base.Root modal={false} defaultOpen={defaultOpen}>
      {opener}
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-40 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-44 overflow-y-auto rounded-card border border-line bg-surface p-1 shadow-float outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({ note, children, className, ...rest }: Omit<ComponentProps<typeof Base.Item>, 'className'> & MenuItemMore) {
  return (
    <Base.Item className={classes(item, className)} {...rest}>
      {children}
      {note && <span className="ml-auto pl-4 text-label text-ink-3">{note}</span>}
    </Base.Item>
  )
}

interface MenuItemMore {
  className?: string
  /** What stands at the right: a count, a key. */
  note?: ReactNode
}

export function MenuLink({ note, children, ...rest }: Omit<ComponentProps<typeof Base.LinkItem>, 'className'> & MenuItemMore) {
  return (
    <Base.LinkItem className={item} closeOnClick {...rest}>
      {children}
      {note && <span className="ml-auto pl-4 text-label text-ink-3">{note}</span>}
    </Base.LinkItem>
  )
}

export function MenuCheck(props: {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  children: ReactNode
  disabled?: boolean
}) {
  return (
    <Base.CheckboxItem
      className={item}
      checked={props.checked}
      disabled={props.disabled}
      onCheckedChange={(checked) => props.onCheckedChange(checked)}
    >
      <span className="grid size-3.5 place-items-center">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {props.children}
    </Base.CheckboxItem>
  )
}

export const MenuSeparator = () => <Base.Separator className="mx-1 my-1 h-px bg-line" />
