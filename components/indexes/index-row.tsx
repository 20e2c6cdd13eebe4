'use client'
import { memo, type Ref } from 'react'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { Checkbox } from '../ui/checkbox'
import { classes } from '../ui/class-names'
import { Bar } from '../ui/skeleton'
import { type CellContext, LOOKS } from './columns'
import { NextStep, type RowActions, RowMenu } from './row-actions'

interface IndexRowProps {
  row: IndexFinding | undefined
  position: number
  columnIds: string[]
  selected: boolean
  /** The drawer shows it. */
  current: boolean
  /** It takes the focus when the table gets it. */
  focusable: boolean
  context: CellContext
  actions: RowActions
  onSelect: (position: number, range: boolean) => void
  ref?: Ref<HTMLTableRowElement>
}

/** One index. Under 700 px a card: name, table and verdict, bloat and size. */
export const IndexRow = memo(function IndexRow(props: IndexRowProps) {
  const { row, position, columnIds, selected, current, focusable, context, actions, onSelect, ref } = props
  if (!row) return <LoadingRow position={position} columnIds={columnIds} ref={ref} />
  return (
    <tr
      ref={ref}
      data-index={position}
      data-position={position}
      tabIndex={focusable ? 0 : -1}
      aria-rowindex={position + 2}
      aria-selected={selected || current}
      onClick={(event) => {
        if ((event.target as Element).closest('button, input, [role=checkbox], [role=menu], [role=menuitem]')) return
        if (event.shiftKey) onSelect(position, true)
        else if (!window.getSelection()?.toString()) actions.open(row.indexrelid, position)
      }}
      className={classes('list-row', selected || current ? 'bg-accent-soft' : 'hover:bg-hover')}
    >
      <td
        className={classes('list-cell', 'sm:pl-4 max-sm:col-start-1 max-sm:row-start-1', current && 'shadow-[inset_2px_0_0_var(--accent)]')}
      >
        <Checkbox
          aria-label={`Select ${row.indexrelname}`}
          checked={selected}
          className="mt-0.5"
          onCheckedChange={(_, range) => onSelect(position, range)}
        />
      </td>
      {columnIds.map((id) => {
        const look = LOOKS[id]
        if (!look) return null
        return (
          <td key={id} className={classes('list-cell', look.numeric && 'text-right whitespace-nowrap', look.phone)}>
            {look.cell(row, context)}
          </td>
        )
      })}
      <td className={classes('list-cell', 'text-right max-sm:col-start-3 max-sm:row-start-4')}>
        <NextStep row={row} actions={actions} />
      </td>
      <td className="list-cell py-0 pr-2 pl-0 text-right max-sm:hidden">
        <span className="flex h-7 items-center justify-end">
          <RowMenu row={row} actions={actions} />
        </span>
      </td>
    </tr>
  )
})

function LoadingRow({ position, columnIds, ref }: Pick<IndexRowProps, 'position' | 'columnIds' | 'ref'>) {
  return (
    <tr ref={ref} data-index={position} aria-rowindex={position + 2} aria-busy className="border-b border-grid">
      <td className="list-cell" />
      {columnIds.map((id, at) => (
        <td key={id} className={classes('list-cell', at > 1 && 'max-sm:hidden')}>
          <Bar className={at === 0 ? 'mt-1 w-4/5' : 'mt-1 w-3/5'} />
        </td>
      ))}
      <td className="list-cell" />
      <td className="list-cell" />
    </tr>
  )
}
