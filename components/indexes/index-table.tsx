'use client'
import { useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { IndexFinding } from '@/db/checks/index-finding'
import { Checkbox } from '../ui/checkbox'
import { HeadCell, TableCard } from '../ui/data-table'
import { type CellContext, columns, features, LOOKS } from './columns'
import type { IndexSort } from './index-params'
import { IndexRow } from './index-row'
import type { RowActions } from './row-actions'

interface IndexTableProps {
  total: number
  rowAt: (position: number) => IndexFinding | undefined
  /** Called with the first and last position on the screen. */
  onShow: (first: number, last: number) => void
  sort: IndexSort
  dir: 'asc' | 'desc'
  onSort: (sort: IndexSort) => void
  hidden: string[]
  selected: number[]
  onSelect: (position: number, range: boolean) => void
  onSelectAll: (positions: number[], on: boolean) => void
  /** The position that keys act on, and the index whose drawer is open. */
  cursor: number
  openIndex: number | null
  context: CellContext
  actions: RowActions
  footer: ReactNode
  empty: ReactNode
}

const ROW = 29
const OVERSCAN = 12
const CHECK_WIDTH = 38
const STEP_WIDTH = 76
const MENU_WIDTH = 32
/** The server does not know the window; about a screen of rows is in its markup. */
const FIRST_WINDOW = { width: 1440, height: 900 }
// Effects on layout run in the browser only.
const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/** The list of indexes: 29 px rows, only those near the window are in the page. */
export function IndexTable(props: IndexTableProps) {
  const { total, rowAt, onShow, cursor, openIndex, selected } = props
  const data = useMemo<IndexFinding[]>(() => [], [])
  // New objects at each render would be new state to the table, and a render without end.
  const sorting = useMemo(() => [{ id: props.sort, desc: props.dir === 'desc' }], [props.sort, props.dir])
  const columnVisibility = useMemo(() => Object.fromEntries(props.hidden.map((id) => [id, false])), [props.hidden])
  const table = useTable({
    features,
    columns,
    data,
    manualSorting: true,
    state: { sorting, columnVisibility },
  })
  const shownColumns = table.getVisibleLeafColumns().map((column) => column.id)
  const body = useRef<HTMLTableSectionElement>(null)
  const [margin, setMargin] = useState(0)
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
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

  // Keys move the cursor: the row comes into view, and gets the focus unless something else has it.
  const moved = useRef(cursor)
  useEffect(() => {
    if (moved.current === cursor) return
    moved.current = cursor
    virtual.scrollToIndex(cursor, { align: 'auto' })
    const focused = document.activeElement
    if (focused !== document.body && !body.current?.contains(focused)) return
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-position="${cursor}"]`)?.focus({ preventScroll: true }))
  }, [cursor, virtual])

  const positions = items.map((item) => item.index)
  const loaded = positions.flatMap((at) => rowAt(at)?.indexrelid ?? [])
  const chosen = loaded.filter((id) => selected.includes(id)).length
  const width = CHECK_WIDTH + STEP_WIDTH + MENU_WIDTH + shownColumns.reduce((sum, id) => sum + (LOOKS[id]?.width ?? 0), 0)
  return (
    <TableCard label="Indexes" footer={props.footer}>
      {total === 0 ? (
        props.empty
      ) : (
        <table
          aria-rowcount={total + 1}
          className="w-full table-fixed border-collapse max-sm:block sm:min-w-(--table-width)"
          style={{ '--table-width': `${width}px` } as CSSProperties}
        >
          <colgroup>
            <col style={{ width: CHECK_WIDTH }} />
            {shownColumns.map((id) => (
              <col key={id} style={id === 'name' ? undefined : { width: LOOKS[id]?.width }} />
            ))}
            <col style={{ width: STEP_WIDTH }} />
            <col style={{ width: MENU_WIDTH }} />
          </colgroup>
          <thead className="max-sm:hidden">
            <tr>
              <HeadCell>
                <Checkbox
                  aria-label="Select the rows on the screen"
                  checked={chosen > 0 && chosen === loaded.length}
                  indeterminate={chosen > 0 && chosen < loaded.length}
                  onCheckedChange={(on) => props.onSelectAll(positions, on)}
                />
              </HeadCell>
              {shownColumns.map((id) => {
                const look = LOOKS[id]
                if (!look) return null
                const sorted = table.getColumn(id)?.getIsSorted() ?? false
                return (
                  <HeadCell key={id} numeric={look.numeric} sorted={sorted} onSort={() => props.onSort(look.sort)}>
                    {look.label}
                  </HeadCell>
                )
              })}
              <HeadCell>
                <span className="sr-only">Next step</span>
              </HeadCell>
              <HeadCell>
                <span className="sr-only">More</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody ref={body} className="max-sm:block">
            <Spacer height={(first?.start ?? margin) - margin} />
            {items.map((item) => {
              const row = rowAt(item.index)
              return (
                <IndexRow
                  key={item.index}
                  ref={virtual.measureElement}
                  row={row}
                  position={item.index}
                  columnIds={shownColumns}
                  selected={row !== undefined && selected.includes(row.indexrelid)}
                  current={row !== undefined && row.indexrelid === openIndex}
                  focusable={item.index === cursor}
                  context={props.context}
                  actions={props.actions}
                  onSelect={props.onSelect}
                />
              )
            })}
            <Spacer height={virtual.getTotalSize() - ((last?.end ?? margin) - margin)} />
          </tbody>
        </table>
      )}
    </TableCard>
  )
}

const Spacer = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr aria-hidden className="max-sm:block">
      <td style={{ height, padding: 0 }} className="max-sm:block" />
    </tr>
  ) : null
