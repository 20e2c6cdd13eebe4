'use client'
import { type ReactNode, useRef } from 'react'
import type { QuerySort } from '@/db/domain/statement-params'
import type { QueryRow } from '@/db/statements/statement-rows'
import { classes } from '../ui/class-names'
import { ListTable } from '../ui/list-table'
import { useRowWindow } from '../ui/row-window'
import { useRowCursor } from '../ui/use-row-cursor'
import { COLUMNS, type ColumnContext } from './query-columns'
import type { OptionalColumn } from './query-params'

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
  const body = useRef<HTMLTableSectionElement>(null)
  const { virtual, items, above, below } = useRowWindow(rows.length, body)
  const cursor = useRowCursor({
    keys: rows.map(({ key }) => key),
    openKey,
    onOpen,
    body,
    reveal: (position) => virtual.scrollToIndex(position, { align: 'auto' }),
  })
  return (
    <ListTable
      label="Statements"
      columns={columns}
      least={STATEMENT_WIDTH}
      count={rows.length}
      window={{ above, below }}
      sorted={columns.find(({ sort: key, label }) => key === sort && label !== 'Total')?.label}
      dir={dir}
      onSort={onSort}
      body={{ ref: body }}
      footer={footer}
      empty={empty}
    >
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
            {...cursor(row.key)}
            onClick={() => onOpen(row.key)}
            className={classes(
              'list-row cursor-pointer max-sm:grid-cols-[minmax(0,1fr)_auto]',
              open ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
            )}
          >
            {columns.map(({ label, numeric, phone, cell }, column) => (
              <td
                key={label}
                className={classes('list-cell first:pl-4 last:pr-4 max-sm:first:pl-0', numeric && 'text-right whitespace-nowrap', phone)}
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
    </ListTable>
  )
}
