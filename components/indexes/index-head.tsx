'use client'
import { Checkbox } from '../ui/checkbox'
import { HeadCell } from '../ui/data-table'
import { LOOKS } from './columns'
import type { IndexSort } from './index-params'

interface IndexHeadProps {
  columnIds: string[]
  sort: IndexSort
  dir: 'asc' | 'desc'
  onSort: (sort: IndexSort) => void
  /** How many of the rows on the screen are selected: none, some, all. */
  chosen: 'none' | 'some' | 'all'
  onSelectAll: (on: boolean) => void
}

/** Column headings; each sorts. */
export function IndexHead({ columnIds, sort, dir, onSort, chosen, onSelectAll }: IndexHeadProps) {
  return (
    <thead className="max-sm:hidden">
      <tr>
        <HeadCell>
          <Checkbox
            aria-label="Select the rows on the screen"
            checked={chosen === 'all'}
            indeterminate={chosen === 'some'}
            onCheckedChange={onSelectAll}
          />
        </HeadCell>
        {columnIds.map((id) => {
          const look = LOOKS[id]
          if (!look) return null
          return (
            <HeadCell key={id} numeric={look.numeric} sorted={look.sort === sort && dir} onSort={() => onSort(look.sort)}>
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
  )
}
