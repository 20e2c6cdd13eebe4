'use client'
import type { Ref } from 'react'
import { ALL_DATABASES, type QuerySort } from '@/db/domain/statement-params'
import type { QueryList } from '@/db/history/statement-list'
import { exactCount } from '../format'
import type { TimeRange } from '../time/time-range'
import { ColumnsMenu } from '../ui/columns-menu'
import { SearchField } from '../ui/search-field'
import { FilterChips } from '../ui/segmented'
import { Select } from '../ui/select'
import { type CompareState, CompareWithSelect } from './compare-with'
import { slowerCount } from './list-messages'
import { COLUMNS } from './query-columns'
import type { OptionalColumn } from './query-params'

interface QueryFilter extends CompareState {
  show: 'all' | 'changes'
  sort: QuerySort
  q: string
  user: string | null
  app: string | null
  db: string | null
  min: number
}

const HIDEABLE = COLUMNS.flatMap(({ id, label }) => (id ? [{ id, label }] : []))

interface QueryToolbarProps {
  list: QueryList
  database: string
  filter: QueryFilter
  range: TimeRange
  searchRef: Ref<HTMLInputElement>
  hide: OptionalColumn[]
  onHide: (hide: OptionalColumn[]) => void
  onChange: (next: Partial<QueryFilter>) => void
}

const BY = { total: 'By total time', mean: 'By mean', calls: 'By calls', wal: 'By WAL', temp: 'By temp' }
/** The guide's limit of a slow query, ms. */
const SLOW = 100
const EVERYWHERE = 'All databases'

/** What is shown, by what, and of whom. */
export function QueryToolbar({ list, database, filter, range, searchRef, hide, onHide, onChange }: QueryToolbarProps) {
  const { filters, source } = list
  const slower = slowerCount(list)
  const by = filter.show === 'changes' ? 'changes' : filter.sort in BY ? (filter.sort as keyof typeof BY) : 'other'
  const others = filters.databases.filter((name) => name !== database)
  return (
    <div className="mb-2.5 grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex min-w-0 flex-wrap items-center gap-2.5">
        <FilterChips
          label="Order"
          value={by}
          choices={[
            ...(Object.keys(BY) as (keyof typeof BY)[]).map((value) => ({ value, label: BY[value] })),
            ...(source === 'samples'
              ? [{ value: 'changes' as const, label: 'Changes', count: slower > 0 ? `${slower} slower` : undefined }]
              : []),
          ]}
          onChange={(value) => onChange(value === 'changes' ? { show: 'changes' } : { show: 'all', sort: value as QuerySort })}
        />
        {filter.show === 'changes' && <CompareWithSelect list={list} state={filter} range={range} onChange={onChange} />}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          ref={searchRef}
          className="w-64"
          label="Filter query text"
          shortcut="/"
          value={filter.q}
          onChange={(q) => onChange({ q })}
        />
        <Select
          label="User"
          all="All users"
          value={filter.user}
          choices={withChosen(filters.users, filter.user)}
          onChange={(user) => onChange({ user })}
        />
        <Select
          label="Database"
          all={database}
          value={filter.db === ALL_DATABASES ? EVERYWHERE : filter.db}
          choices={[EVERYWHERE, ...withChosen(others, filter.db === ALL_DATABASES ? null : filter.db)]}
          onChange={(choice) => onChange({ db: choice === EVERYWHERE ? ALL_DATABASES : choice })}
        />
        {filters.applications.length > 0 && source === 'samples' && (
          <Select
            label="Application"
            all="All applications"
            value={filter.app}
            choices={withChosen(filters.applications, filter.app)}
            onChange={(app) => onChange({ app })}
          />
        )}
        <Select
          label="Mean time"
          all="Any mean"
          value={filter.min > 0 ? meanLabel(filter.min) : null}
          choices={[...new Set([10, SLOW, 1000, ...(filter.min > 0 ? [filter.min] : [])])].sort((a, b) => a - b).map(meanLabel)}
          onChange={(choice) => onChange({ min: choice === null ? 0 : Number(choice.replace(/\D+(\S+).*/, '$1').replaceAll(',', '')) })}
        />
        <div className="ml-auto max-sm:hidden">
          <ColumnsMenu columns={HIDEABLE} hidden={hide} onHidden={onHide} />
        </div>
      </div>
    </div>
  )
}

const meanLabel = (ms: number) => `Mean ≥ ${ms < 1 ? ms : exactCount(ms)} ms`
const withChosen = (choices: string[], chosen: string | null) =>
  chosen === null || choices.includes(chosen) ? choices : [...choices, chosen]
