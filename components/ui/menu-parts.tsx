'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ComponentProps, ReactElement, ReactNode } from 'react'

// Loaded by menu.tsx when a menu is first wanted: the popup's code is larger than most pages.

const item =
  'flex cursor-default items-center gap-2 rounded-control px-2 py-1.5 text-cell text-ink outline-none select-none no-underline data-highlighted:bg-sunken data-disabled:text-ink-3 max-sm:py-2.5 [&_svg]:size-3.5 [&_svg]:text-ink-3'

/** The menu, open from the start; the trigger gets the focus back when it closes. */
export function OpenMenu({ trigger, align, children }: { trigger: ReactElement; align: 'start' | 'end'; children: ReactNode }) {
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} />
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

interface ItemMore {
  /** What stands at the right: a count, a key. */
  note?: ReactNode
}

const Note = ({ note }: ItemMore) => note !== undefined && <span className="ml-auto pl-4 text-label text-ink-3">{note}</span>

export function Item({ note, children, ...rest }: Omit<ComponentProps<typeof Base.Item>, 'className'> & ItemMore) {
  return (
    <Base.Item className={item} {...rest}>
      {children}
      <Note note={note} />
    </Base.Item>
  )
}

export function LinkItem({ note, children, ...rest }: Omit<ComponentProps<typeof Base.LinkItem>, 'className'> & ItemMore) {
  return (
    <Base.LinkItem className={item} closeOnClick {...rest}>
      {children}
      <Note note={note} />
    </Base.LinkItem>
  )
}

/** Items that belong together; the note says of all of them why they cannot be chosen. */
export function Group({ note, children }: ItemMore & { children: ReactNode }) {
  return (
    <Base.Group>
      {note !== undefined && <Base.GroupLabel className="px-2 py-1.5 text-label text-ink-3">{note}</Base.GroupLabel>}
      {children}
    </Base.Group>
  )
}

interface CheckItemProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  disabled?: boolean
  children: ReactNode
}

export function CheckItem({ checked, onCheckedChange, disabled, children }: CheckItemProps) {
  return (
    <Base.CheckboxItem className={item} checked={checked} disabled={disabled} onCheckedChange={(next) => onCheckedChange(next)}>
      <span className="grid size-3.5 place-items-center">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  )
}

export const Line = () => <Base.Separator className="mx-1 my-1 h-px bg-line" />
