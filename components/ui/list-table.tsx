import type { ComponentProps, CSSProperties, ReactNode } from 'react'
import { HeadCell, TableCard } from './data-table'
import { Spacer } from './row-window'

interface ListColumn<S extends string> {
  label: string
  title?: string
  /** Of the one column without a width the window takes what is left. */
  width?: number
  numeric?: boolean
  sort?: S
}

interface ListTableProps<S extends string> {
  label: string
  columns: ListColumn<S>[]
  /** How narrow the column without a width may become before the table scrolls. */
  least: number
  /** True: a narrow last column for what can be done with a row. */
  actions?: boolean
  count: number
  /** The heights that the rows outside of the window have, as useRowWindow says them. */
  window: { above: number; below: number }
  /** The label of the sorted column. */
  sorted: string | undefined
  dir: 'asc' | 'desc'
  onSort: (sort: S) => void
  /** Of the table's body. */
  body: ComponentProps<'tbody'>
  footer: ReactNode
  /** What stands there when there are no rows. */
  empty: ReactNode
  children: ReactNode
}

const ACTIONS_WIDTH = 44

/** The frame of a list of very many rows, of which only those near the window are in the page. Under 700 px rows are cards. */
export function ListTable<S extends string>(props: ListTableProps<S>) {
  const { label, columns, least, actions = false, count, sorted, dir, onSort, footer, empty, children } = props
  const width = columns.reduce((sum, { width: own = least }) => sum + own, actions ? ACTIONS_WIDTH : 0)
  if (count === 0)
    return (
      <TableCard label={label} footer={footer}>
        {empty}
      </TableCard>
    )
  return (
    <TableCard label={label} footer={footer}>
      <table
        aria-rowcount={count + 1}
        className="w-full table-fixed border-collapse max-sm:block sm:min-w-(--w)"
        style={{ '--w': `${width}px` } as CSSProperties}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.label} style={{ width: column.width }} />
          ))}
          {actions && <col style={{ width: ACTIONS_WIDTH }} />}
        </colgroup>
        <thead className="max-sm:hidden">
          <tr>
            {columns.map(({ label: name, title, numeric, sort }) => (
              <HeadCell
                key={name}
                title={title}
                numeric={numeric}
                sorted={name === sorted ? dir : false}
                onSort={sort && (() => onSort(sort))}
              >
                {name}
              </HeadCell>
            ))}
            {actions && (
              <HeadCell>
                <span className="sr-only">Actions</span>
              </HeadCell>
            )}
          </tr>
        </thead>
        <tbody {...props.body} className="max-sm:block">
          <Spacer height={props.window.above} />
          {children}
          <Spacer height={props.window.below} />
        </tbody>
      </table>
    </TableCard>
  )
}
