'use client'
import { type CSSProperties, memo, type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
import { listedId } from '@/db/domain/listed-row'
import type { IndexList, ListedIndex } from '@/db/indexes/list-indexes'
import type { LiveAnswer } from '../live/fetch-live'
import { TableCard } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { Spacer, useCursorInView, useRowWindow } from '../ui/row-window'
import { type CellContext, LOOKS } from './columns'
import { IndexHead } from './index-head'
import type { IndexSort } from './index-params'
import { IndexRow } from './index-row'
import type { RowActions } from './row-actions'
import { type IndexQuery, type RowAt, useIndexRows } from './use-index-list'

interface IndexTableProps {
  query: IndexQuery
  first: LiveAnswer<IndexList> | undefined
  total: number
  /** Filled with the rows that are here, for whoever acts on them. */
  rowsRef: RefObject<RowAt>
  /** Called with the rows on the screen. */
  onSeen: (rows: ListedIndex[]) => void
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

const CHECK_WIDTH = 38
const STEP_WIDTH = 76
const MENU_WIDTH = 32

/** The list of indexes: 29 px rows, only those near the window are in the page. */
export function IndexTable(props: IndexTableProps) {
  const { total, cursor, rowsRef, onSeen, selected, hidden } = props
  // The same array while the same columns are shown: rows that get it are not drawn again.
  const columnIds = useMemo(() => Object.keys(LOOKS).filter((id) => !hidden.includes(id)), [hidden])
  const body = useRef<HTMLTableSectionElement>(null)
  const { virtual, items, above, below, from, to } = useRowWindow(total, body)
  const { rowAt, problem } = useIndexRows(props.query, props.first, from, to)
  useCursorInView(
    cursor,
    body,
    useCallback((position) => virtual.scrollToIndex(position, { align: 'auto' }), [virtual]),
  )
  const rows = items.flatMap(({ index }) => rowAt(index) ?? [])
  useEffect(() => {
    rowsRef.current = rowAt
    onSeen(rows)
  })

  const chosen = rows.filter((row) => selected.includes(listedId(row))).length
  const width = CHECK_WIDTH + STEP_WIDTH + MENU_WIDTH + columnIds.reduce((sum, id) => sum + (LOOKS[id]?.width ?? 0), 0)
  if (total === 0) {
    return (
      <TableCard label="Indexes" footer={props.footer}>
        {props.empty}
      </TableCard>
    )
  }
  return (
    <TableCard label="Indexes" footer={props.footer}>
      {problem && <ProblemPanel title="These rows could not be read" problem={problem} className="m-4" />}
      <table
        aria-rowcount={total + 1}
        className="w-full table-fixed border-collapse max-sm:block sm:min-w-(--table-width)"
        style={{ '--table-width': `${width}px` } as CSSProperties}
      >
        <Columns ids={columnIds} />
        <IndexHead
          columnIds={columnIds}
          sort={props.sort}
          dir={props.dir}
          onSort={props.onSort}
          chosen={chosen === 0 ? 'none' : chosen < rows.length ? 'some' : 'all'}
          onSelectAll={(on) =>
            props.onSelectAll(
              items.map(({ index }) => index),
              on,
            )
          }
        />
        <tbody ref={body} className="max-sm:block">
          <Spacer height={above} />
          {items.map(({ index }) => {
            const row = rowAt(index)
            return (
              <IndexRow
                key={index}
                ref={virtual.measureElement}
                row={row}
                position={index}
                columnIds={columnIds}
                selected={row !== undefined && selected.includes(listedId(row))}
                current={row !== undefined && listedId(row) === props.openIndex}
                focusable={index === cursor}
                context={props.context}
                actions={props.actions}
                onSelect={props.onSelect}
              />
            )
          })}
          <Spacer height={below} />
        </tbody>
      </table>
    </TableCard>
  )
}

const Columns = memo(function Columns({ ids }: { ids: string[] }) {
  return (
    <colgroup>
      <col style={{ width: CHECK_WIDTH }} />
      {ids.map((id) => (
        <col key={id} style={id === 'name' ? undefined : { width: LOOKS[id]?.width }} />
      ))}
      <col style={{ width: STEP_WIDTH }} />
      <col style={{ width: MENU_WIDTH }} />
    </colgroup>
  )
})
