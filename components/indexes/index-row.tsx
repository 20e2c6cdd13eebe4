'use client'
import { memo, type Ref } from 'react'
import { listedId } from '@/db/domain/listed-row'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { Checkbox } from '../ui/checkbox'
import { classes } from '../ui/class-names'
import { Bar } from '../ui/skeleton'
import { type CellContext, LOOKS, TableName } from './columns'
import { missingCost } from './missing-messages'
import { MissingMenu, NextStep, type RowActions, RowMenu } from './row-actions'
import { VerdictChip } from './verdict-chip'

interface IndexRowProps {
  row: ListedIndex | undefined
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

/** One index, or one that is missing. Under 700 px a card: name, table and verdict, bloat and size. */
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
        else if (!window.getSelection()?.toString()) actions.open(listedId(row), position)
      }}
      className={classes('list-row', selected || current ? 'bg-accent-soft' : 'hover:bg-hover')}
    >
      <td
        className={classes('list-cell', 'sm:pl-4 max-sm:col-start-1 max-sm:row-start-1', current && 'shadow-[inset_2px_0_0_var(--accent)]')}
      >
        <Checkbox
          aria-label={`Select ${row.verdict === 'missing' ? row.finding.title : row.indexrelname}`}
          checked={selected}
          className="mt-0.5"
          onCheckedChange={(_, range) => onSelect(position, range)}
        />
      </td>
      {row.verdict === 'missing' ? (
        <MissingCells row={row} columnIds={columnIds} />
      ) : (
        <IndexCells row={row} columnIds={columnIds} context={context} />
      )}
      <td className={classes('list-cell', 'text-right max-sm:col-start-3 max-sm:row-start-4')}>
        <NextStep row={row} actions={actions} />
      </td>
      <td className="list-cell py-0 pr-2 pl-0 text-right max-sm:hidden">
        <span className="flex h-7 items-center justify-end">
          {row.verdict === 'missing' ? <MissingMenu row={row} actions={actions} /> : <RowMenu row={row} actions={actions} />}
        </span>
      </td>
    </tr>
  )
})

function IndexCells({ row, columnIds, context }: { row: IndexFinding; columnIds: string[]; context: CellContext }) {
  return columnIds.map((id) => {
    const look = LOOKS[id]
    if (!look) return null
    return (
      <td key={id} className={classes('list-cell', look.numeric && 'text-right whitespace-nowrap', look.phone)}>
        {look.cell(row, context)}
      </td>
    )
  })
}

/** Its columns, its table, and instead of what only an index has, why it is asked for. */
function MissingCells({ row, columnIds }: { row: MissingIndex; columnIds: string[] }) {
  const numbers = columnIds.filter((id) => !['name', 'table', 'verdict'].includes(id)).length
  return (
    <>
      <td className={classes('list-cell', LOOKS.name?.phone)}>
        <span className="text-ink-3">new on </span>
        <code className="font-mono text-[12px] tracking-[-.02em] [overflow-wrap:anywhere]">({row.columns.join(', ')})</code>
      </td>
      {columnIds.includes('table') && (
        <td className={classes('list-cell', LOOKS.table?.phone)}>
          <TableName schemaname={row.finding.schemaname} relname={row.finding.relname} />
        </td>
      )}
      {columnIds.includes('verdict') && (
        <td className={classes('list-cell', LOOKS.verdict?.phone)}>
          <VerdictChip verdict="missing" />
        </td>
      )}
      {numbers > 0 && (
        <td
          colSpan={numbers}
          title={row.finding.evidence}
          className="list-cell sm:truncate max-sm:col-start-2 max-sm:col-end-4 max-sm:row-start-3"
        >
          Foreign key without an index. <span className="text-ink-3">{missingCost(row)}</span>
        </td>
      )}
    </>
  )
}

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
