'use client'
import type { Ref } from 'react'
import type { ListedVerdict } from '@/db/indexes/list-indexes'
import { LegendMark } from '../charts/scatter-mark'
import { count } from '../format'
import { ColumnsMenu } from '../ui/columns-menu'
import { SearchField } from '../ui/search-field'
import { FilterChips } from '../ui/segmented'
import { LOOKS } from './columns'
import { COLUMNS } from './index-params'
import { VERDICT_LABEL, VERDICTS } from './verdict'
import { VERDICT_MARKS } from './verdict-marks'

type Column = (typeof COLUMNS)[number]

const HIDEABLE = COLUMNS.map((id) => ({ id, label: LOOKS[id]?.label ?? id }))

interface ToolbarProps {
  /** What the search leaves of each verdict. */
  counts: Record<ListedVerdict | 'all', number>
  verdict: ListedVerdict | null
  onVerdict: (verdict: ListedVerdict | null) => void
  search: string
  onSearch: (text: string) => void
  searchRef: Ref<HTMLInputElement>
  hidden: Column[]
  onHidden: (hidden: Column[]) => void
}

/** Filters with their counts, search, and which columns are shown. */
export function Toolbar(props: ToolbarProps) {
  const { counts } = props
  const choices = [
    { value: 'all' as const, label: 'All', count: count(counts.all) },
    ...VERDICTS.map((verdict) => ({
      value: verdict,
      label: VERDICT_LABEL[verdict],
      count: count(counts[verdict]),
      mark: <LegendMark {...VERDICT_MARKS[verdict]} />,
    })),
  ]
  return (
    <div className="mb-2 flex flex-wrap items-center gap-1.5">
      <FilterChips
        close
        label="Verdict"
        value={props.verdict ?? 'all'}
        choices={choices}
        onChange={(value) => props.onVerdict(value === 'all' ? null : value)}
      />
      <div className="ml-auto flex items-center gap-1.5 max-sm:w-full">
        <SearchField
          ref={props.searchRef}
          label="Filter by name or table"
          className="sm:w-48"
          shortcut="/"
          value={props.search}
          onChange={props.onSearch}
        />
        <ColumnsMenu columns={HIDEABLE} hidden={props.hidden} onHidden={props.onHidden} />
      </div>
    </div>
  )
}
