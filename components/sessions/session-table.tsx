'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { exactCount } from '../format'
import { classes } from '../ui/class-names'
import { ListTable } from '../ui/list-table'
import { useRowWindow } from '../ui/row-window'
import { useRowCursor } from '../ui/use-row-cursor'
import type { SessionSort } from './activity-params'
import type { ActivityAnswer, Session } from './activity-types'
import type { SessionLine } from './list-sessions'
import { COLUMNS } from './session-columns'

interface SessionTableProps {
  groups: { name: string; lines: SessionLine[] }[]
  limits: ActivityAnswer['limits']
  sort: SessionSort
  dir: 'asc' | 'desc'
  onSort: (sort: SessionSort) => void
  open: number | null
  onOpen: (row: Session) => void
  /** True while the pointer or the focus is on the rows: they keep their order. */
  onHold: (held: boolean) => void
  actions: (row: Session) => ReactNode
  footer: ReactNode
  empty: ReactNode
}

/** Up to so many rows are all in the page, where the browser's own search finds them. */
const ALL_ROWS = 200
const STATEMENT_WIDTH = 240

type Item = { key: string } & (
  | { group: string; count: number }
  | { line: SessionLine; row: Session; worker: boolean; foldable: boolean; unfolded: boolean }
)

function itemsOf(groups: SessionTableProps['groups'], unfolded: Set<string>): Item[] {
  return groups.flatMap(({ name, lines }): Item[] => [
    ...(name === '' ? [] : [{ key: `group ${name}`, group: name, count: lines.length }]),
    ...lines.flatMap((line): Item[] => {
      const isUnfolded = unfolded.has(line.key)
      const leader = {
        key: line.key,
        line,
        row: line.row,
        worker: false,
        foldable: line.workers.length > 0 && !line.ended,
        unfolded: isUnfolded,
      }
      if (!isUnfolded || line.ended) return [leader]
      return [
        leader,
        ...line.workers.map((row) => ({ ...leader, key: `${line.key} worker ${row.pid}`, row, worker: true, foldable: false })),
      ]
    }),
  ])
}

/** The live list: 29 px rows; above 200 only those near the window are in the page. */
export function SessionTable(props: SessionTableProps) {
  const { groups, limits, sort, dir, onSort, open, onOpen, onHold, actions, footer, empty } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const [unfolded, setUnfolded] = useState<Set<string>>(new Set())
  const items = itemsOf(groups, unfolded)
  const view = useRowWindow(items.length, body, items.length <= ALL_ROWS ? ALL_ROWS : undefined)
  const rows = items.flatMap((item) => ('row' in item ? [item] : []))
  const cursor = useRowCursor({
    keys: rows.map(({ key }) => key),
    openKey: open === null ? null : (rows.find(({ row }) => row.pid === open)?.key ?? String(open)),
    onOpen: (key) => {
      const item = rows.find((one) => one.key === key)
      if (item) onOpen(item.row)
    },
    body,
    reveal: (position) => {
      const index = items.findIndex(({ key }) => key === rows[position]?.key)
      if (index >= 0) view.virtual.scrollToIndex(index, { align: 'auto' })
    },
  })
  const toggle = (key: string) =>
    setUnfolded((known) => {
      const next = new Set(known)
      if (!next.delete(key)) next.add(key)
      return next
    })
  return (
    <ListTable
      label="Sessions"
      columns={COLUMNS}
      least={STATEMENT_WIDTH}
      actions
      count={items.length}
      window={view}
      sorted={COLUMNS.find((column) => column.sort === sort)?.label}
      dir={dir}
      onSort={onSort}
      body={{
        ref: body,
        onPointerEnter: () => onHold(true),
        onPointerLeave: () => onHold(false),
        onFocus: () => onHold(true),
        onBlur: () => onHold(false),
      }}
      footer={footer}
      empty={empty}
    >
      {view.items.map(({ index }) => {
        const item = items[index]
        if (!item) return null
        const measured = { ref: view.virtual.measureElement, 'data-index': index, 'aria-rowindex': index + 2 }
        if ('group' in item)
          return (
            <tr key={item.key} {...measured} className="border-b border-grid bg-canvas max-sm:block">
              <th scope="rowgroup" colSpan={COLUMNS.length + 1} className="px-4 py-[5px] text-left text-cell font-semibold max-sm:block">
                {item.group} <span className="font-normal text-ink-3">{exactCount(item.count)}</span>
              </th>
            </tr>
          )
        const { row, line, worker, foldable } = item
        return (
          <tr
            key={item.key}
            {...measured}
            {...cursor(item.key)}
            onClick={(event) => (event.target as Element).closest('button, a') || onOpen(row)}
            className={classes(
              'cursor-default border-b border-grid last:border-b-0 hover:bg-hover max-sm:relative max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-3.5 max-sm:py-2.5 max-sm:pr-13',
              open === row.pid && 'bg-accent-soft hover:bg-accent-soft',
              line.ended && 'faded',
            )}
          >
            {COLUMNS.map(({ label, numeric, phone, cell }, at) => (
              <td
                key={label}
                className={classes(
                  'h-[29px] px-2 py-[5px] align-top text-cell first:pl-4 max-sm:h-auto max-sm:p-0 max-sm:first:pl-0',
                  numeric && 'text-right whitespace-nowrap',
                  phone,
                )}
              >
                {at === 0 ? (
                  <span className={classes('flex items-center gap-1', worker && 'pl-3')}>
                    <button type="button" className="font-mono text-accent hover:underline" onClick={() => onOpen(row)}>
                      {row.pid}
                    </button>
                    {foldable && (
                      <button
                        type="button"
                        aria-expanded={item.unfolded}
                        title={`${line.workers.length} parallel workers`}
                        className="flex items-center text-tick text-ink-3 hover:text-ink"
                        onClick={() => toggle(line.key)}
                      >
                        {item.unfolded ? <ChevronDown aria-hidden className="size-3" /> : <ChevronRight aria-hidden className="size-3" />}+
                        {line.workers.length}
                        <span className="sr-only"> parallel workers</span>
                      </button>
                    )}
                  </span>
                ) : label === 'State' && line.ended ? (
                  'ended'
                ) : (
                  cell(row, limits)
                )}
              </td>
            ))}
            <td className="py-0.5 pr-3 text-right align-top max-sm:absolute max-sm:top-1.5 max-sm:right-1.5 max-sm:p-0">
              {!worker && !line.ended && actions(row)}
            </td>
          </tr>
        )
      })}
    </ListTable>
  )
}
