'use client'
import { type ReactNode, useRef } from 'react'
import { useRowWindow } from '../indexes/use-row-window'
import { classes } from '../ui/class-names'
import { HeadCell, TableCard } from '../ui/data-table'
import { COLUMNS, type ColumnContext } from './query-columns'
import type { QueryRow } from './query-list'
import type { OptionalColumn, QuerySort } from './query-params'

interface QueryTableProps {
  rows: QueryRow[]
  sort: QuerySort
  dir: 'asc' | 'desc'
  hide: OptionalColumn[]
  onSort: (sort: QuerySort) => void
  context: ColumnContext
  openKey: string | null
  onOpen: (key: string) => void
  footer: ReactNode
  empty: ReactNode
}

const STATEMENT_WIDTH = 300

/** The list of statements: 29 px rows, only those near the window are in the page. */
export function QueryTable({ rows, sort, dir, hide, onSort, context, openKey, onOpen, footer, empty }: QueryTableProps) {
  const columns = COLUMNS.filter(({ id }) => id === undefined || !hide.includes(id))
  const width = columns.reduce((sum, { width: own = STATEMENT_WIDTH }) => sum + own, 0)
  const body = useRef<HTMLTableSectionElement>(null)
  const { virtual, items, above, below } = useRowWindow(rows.length, body)
  if (rows.length === 0) {
    return (
      <TableCard label="Statements" footer={footer}>
        {empty}
      </TableCard>
    )
  }
  return (
    <TableCard label="Statements" footer={footer}>
      <table
        aria-rowcount={rows.length + 1}
        className="w-full table-fixed border-collapse max-sm:block sm:min-w-(--w)"
        style={{ '--w': `${width}px` } as React.CSSProperties}
      >
        <colgroup>
          {columns.map(({ label, width: own }) => (
            <col key={label} style={{ width: own }} />
          ))}
        </colgroup>
        <thead className="max-sm:hidden">
          <tr>
            {columns.map(({ label, title, sort: key, numeric }) => (
              <HeadCell
                key={label}
                title={title}
                numeric={numeric}
                sorted={key === sort && label !== 'Total' ? dir : false}
                onSort={key && (() => onSort(key))}
              >
                {label}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody ref={body} className="max-sm:block">
          <Spacer height={above} />
          {items.map(({ index }) => {
            const row = rows[index]
            if (!row) return null
            const open = row.key === openKey
            return (
              <tr
                key={index}
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                onClick={() => onOpen(row.key)}
                className={classes(
                  'list-row cursor-pointer max-sm:grid-cols-[minmax(0,1fr)_auto]',
                  open ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
                )}
              >
                {columns.map(({ label, numeric, phone, cell }, column) => (
                  <td
                    key={label}
                    className={classes(
                      'list-cell first:pl-4 last:pr-4 max-sm:first:pl-0',
                      numeric && 'text-right whitespace-nowrap',
                      phone,
                    )}
                  >
                    {column === 0 ? (
                      <button
                        type="button"
                        aria-expanded={open}
                        className="block w-full min-w-0 rounded-[3px] text-left"
                        onClick={(event) => {
                          event.stopPropagation()
                          onOpen(row.key)
                        }}
                      >
                        {cell(row, context)}
                      </button>
                    ) : (
                      cell(row, context)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
          <Spacer height={below} />
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
