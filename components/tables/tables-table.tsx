'use client'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { TableFinding } from '@/db/checks/table-health'
import { classes } from '../ui/class-names'
import { HeadCell, TableCard } from '../ui/data-table'
import { Bar } from '../ui/skeleton'
import { type CellContext, COLUMNS } from './table-columns'
import type { TableSort } from './table-params'

interface TablesTableProps {
  total: number
  rowAt: (position: number) => TableFinding | undefined
  /** Called with the first and last position on the screen. */
  onShow: (first: number, last: number) => void
  sort: TableSort
  dir: 'asc' | 'desc'
  onSort: (sort: TableSort) => void
  context: CellContext
  actions: (row: TableFinding) => ReactNode
  footer: ReactNode
  empty: ReactNode
}

const ROW = 29
const ACTIONS_WIDTH = 44
const NAME_WIDTH = 220
/** The server does not know the window; about a screen of rows is in its markup. */
const FIRST_WINDOW = { width: 1440, height: 900 }
const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect
const WIDTH = COLUMNS.reduce((sum, { width = NAME_WIDTH }) => sum + width, ACTIONS_WIDTH)

/** The list of tables: 29 px rows, only those near the window are in the page. */
export function TablesTable({ total, rowAt, onShow, sort, dir, onSort, context, actions, footer, empty }: TablesTableProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [margin, setMargin] = useState(0)
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: margin,
    initialRect: FIRST_WINDOW,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  useBrowserLayoutEffect(() => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    setMargin((known) => (Math.abs(known - top) > 1 ? top : known))
  })
  useEffect(() => {
    if (first && last) onShow(first.index, last.index)
  }, [first, last, onShow])
  if (total === 0) {
    return (
      <TableCard label="Tables" footer={footer}>
        {empty}
      </TableCard>
    )
  }
  return (
    <TableCard label="Tables" footer={footer}>
      <table
        aria-rowcount={total + 1}
        className="w-full table-fixed border-collapse max-sm:block sm:min-w-(--w)"
        style={{ '--w': `${WIDTH}px` } as React.CSSProperties}
      >
        <colgroup>
          {COLUMNS.map(({ label, width }) => (
            <col key={label} style={{ width }} />
          ))}
          <col style={{ width: ACTIONS_WIDTH }} />
        </colgroup>
        <thead className="max-sm:hidden">
          <tr>
            {COLUMNS.map(({ label, sort: key, numeric }) => (
              <HeadCell key={label} numeric={numeric} sorted={key === sort ? dir : false} onSort={key && (() => onSort(key))}>
                {label}
              </HeadCell>
            ))}
            <HeadCell>
              <span className="sr-only">Actions</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody ref={body} className="max-sm:block">
          <Spacer height={(first?.start ?? margin) - margin} />
          {items.map(({ index }) => {
            const row = rowAt(index)
            return (
              <tr
                key={index}
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className="border-b border-grid last:border-b-0 hover:bg-hover max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto_40px] max-sm:items-center max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-3.5 max-sm:py-2.5"
              >
                {COLUMNS.map(({ label, numeric, phone, cell }) => (
                  <td
                    key={label}
                    className={classes(
                      'h-[29px] px-2 py-[5px] align-top text-cell first:pl-4 max-sm:h-auto max-sm:p-0 max-sm:first:pl-0',
                      numeric && 'text-right whitespace-nowrap',
                      phone,
                    )}
                  >
                    {row ? cell(row, context) : <Bar className="mt-1 w-3/5" />}
                  </td>
                ))}
                <td className="py-0.5 pr-3 text-right align-top max-sm:col-start-3 max-sm:row-span-2 max-sm:row-start-1 max-sm:p-0">
                  {row && actions(row)}
                </td>
              </tr>
            )
          })}
          <Spacer height={virtual.getTotalSize() - ((last?.end ?? margin) - margin)} />
        </tbody>
      </table>
    </TableCard>
  )
}

const Spacer = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr aria-hidden className="max-sm:block">
      <td style={{ height, padding: 0 }} className="max-sm:block" />
    </tr>
  ) : null
