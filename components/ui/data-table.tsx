import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Card } from './card'
import { classes } from './class-names'
import { ScrollRegion } from './scroll-region'

/** A card around a table; it scrolls sideways when the window is narrower than the columns. */
export function TableCard({ children, footer, label }: { children: ReactNode; footer?: ReactNode; label: string }) {
  return (
    <Card className="overflow-hidden">
      <ScrollRegion label={label} className="relative -outline-offset-2">
        {children}
      </ScrollRegion>
      {footer && <div className="flex flex-wrap gap-x-4 border-t border-line px-4 py-2 text-label text-ink-3">{footer}</div>}
    </Card>
  )
}

interface HeadCellProps extends Omit<ComponentProps<'th'>, 'children'> {
  children?: ReactNode
  numeric?: boolean
  sorted?: 'asc' | 'desc' | false
  /** Makes the heading a button. */
  onSort?: () => void
}

/** A column's heading, 11.5 px; the sorted one is in ink with an arrow. */
export function HeadCell({ children, numeric, sorted, onSort, className, ...rest }: HeadCellProps) {
  const arrow =
    sorted === 'asc' ? <ArrowUp aria-hidden className="size-3" /> : sorted === 'desc' && <ArrowDown aria-hidden className="size-3" />
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
      className={classes(
        'border-b border-line bg-surface px-2 pt-[7px] pb-1.5 text-[11.5px] leading-4 font-medium whitespace-nowrap first:pl-4 last:pr-4',
        numeric ? 'text-right' : 'text-left',
        sorted ? 'text-ink' : 'text-ink-3',
        className,
      )}
      {...rest}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className="inline-flex items-center gap-0.5 rounded-[3px] font-medium whitespace-nowrap hover:text-ink"
        >
          {children}
          {arrow}
        </button>
      ) : (
        children
      )}
    </th>
  )
}

/** A cell of a 29 px row. */
export function Cell({ numeric, className, ...rest }: ComponentProps<'td'> & { numeric?: boolean }) {
  return (
    <td
      className={classes('h-[29px] px-2 text-cell first:pl-4 last:pr-4', numeric ? 'text-right whitespace-nowrap' : 'text-left', className)}
      {...rest}
    />
  )
}

/** A row of 29 px with one hairline below. */
export function Row({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr className={classes('border-b border-grid last:border-b-0', className)} {...rest} />
}
