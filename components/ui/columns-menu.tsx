'use client'
import { Columns3 } from 'lucide-react'
import { buttonClass } from './button'
import { Menu, MenuCheck } from './menu'

interface ColumnsMenuProps<C extends string> {
  /** Those that may be hidden. */
  columns: { id: C; label: string }[]
  hidden: C[]
  onHidden: (hidden: C[]) => void
}

/** Which columns a list shows. On a phone its rows are cards, and there is nothing to choose. */
export function ColumnsMenu<C extends string>({ columns, hidden, onHidden }: ColumnsMenuProps<C>) {
  return (
    <span className="max-sm:hidden">
      <Menu
        align="end"
        trigger={
          <button type="button" className={buttonClass()}>
            <Columns3 aria-hidden />
            Columns
          </button>
        }
      >
        {columns.map(({ id, label }) => (
          <MenuCheck
            key={id}
            checked={!hidden.includes(id)}
            onCheckedChange={(on) => onHidden(on ? hidden.filter((other) => other !== id) : [...hidden, id])}
          >
            {label}
          </MenuCheck>
        ))}
      </Menu>
    </span>
  )
}
