'use client'
import { type ReactNode, useEffect, useRef } from 'react'
import type { TableSort } from '@/db/domain/table-params'
import type { TableList } from '@/db/tables/list-tables'
import { classes } from '../ui/class-names'
import { ListTable } from '../ui/list-table'
import { useRowWindow } from '../ui/row-window'
import { Bar } from '../ui/skeleton'
import type { CellContext, TableColumn } from './table-columns'

type Listed = TableList['rows'][number]

interface TablesTableProps {
  columns: TableColumn[]
  total: number
  rowAt: (position: number) => Listed | undefined
  /** Called with the first and last position on the screen. */
  onShow: (first: number, last: number) => void
  sort: TableSort
  dir: 'asc' | 'desc'
  onSort: (sort: TableSort) => void
  context: CellContext
  actions: (row: Listed) => ReactNode
  footer: ReactNode
  empty: ReactNode
}

const NAME_WIDTH = 200

/** The list of tables: 29 px rows, only those near the window are in the page. */
export function TablesTable({ columns, total, rowAt, onShow, sort, dir, onSort, context, actions, footer, empty }: TablesTableProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const view = useRowWindow(total, body)
  const { from, to } = view
  useEffect(() => {
    if (total > 0) onShow(from, to)
  }, [total, from, to, onShow])
  return (
    <ListTable
      label="Tables"
      columns={columns}
      least={NAME_WIDTH}
      actions
      count={total}
      window={view}
      sorted={columns.find((column) => column.sort === sort)?.label}
      dir={dir}
      onSort={onSort}
      body={{ ref: body }}
      footer={footer}
      empty={empty}
    >
      {view.items.map(({ index }) => {
        const row = rowAt(index)
        return (
          <tr
            key={index}
            ref={view.virtual.measureElement}
            data-index={index}
            aria-rowindex={index + 2}
            className="border-b border-grid last:border-b-0 hover:bg-hover max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto_40px] max-sm:items-center max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-3.5 max-sm:py-2.5"
          >
            {columns.map(({ label, numeric, phone, cell }) => (
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
    </ListTable>
  )
}
