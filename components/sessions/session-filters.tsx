'use client'
import type { RefObject } from 'react'
import { exactCount } from '../format'
import { SearchField } from '../ui/search-field'
import { FilterChips, Segmented } from '../ui/segmented'
import { Select } from '../ui/select'
import { nameOf } from './activity-messages'
import { GROUPS, type Group, SHOWS, type Show } from './activity-params'
import type { ActivityAnswer } from './activity-types'
import { countShown } from './list-sessions'

interface Filters {
  show: Show
  group: Group
  q: string
  user: string | null
  app: string | null
  datname: string | null
}

interface SessionFiltersProps {
  activity: ActivityAnswer
  params: Filters
  setParams: (next: Partial<Filters>) => unknown
  search: RefObject<HTMLInputElement | null>
}

const SHOW_LABEL: Record<Show, string> = {
  all: 'All',
  active: 'Active',
  waiting: 'Waiting for a lock',
  'idle-in-transaction': 'Idle in transaction',
  idle: 'Idle',
}
const GROUP_LABEL: Record<Group, string> = { none: 'None', state: 'State', application: 'Application', user: 'User', database: 'Database' }

/** Choices in alphabetical order; the chosen one stays among them when its last session has gone. */
const choicesOf = (values: (string | null)[], chosen: string | null): string[] =>
  [...new Set([...values, chosen])].filter((value) => value !== null).sort()

export function SessionFilters({ activity: { sessions }, params, setParams, search }: SessionFiltersProps) {
  const { show, group, q, user, app, datname } = params
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2.5">
      <FilterChips
        label="Show"
        value={show}
        choices={SHOWS.map((value) => ({ value, label: SHOW_LABEL[value], count: exactCount(countShown(sessions, value)) }))}
        onChange={(value) => setParams({ show: value })}
      />
      <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0 max-sm:w-full">
        <Select
          label="Application"
          all="All applications"
          value={app}
          choices={choicesOf(sessions.map(nameOf), app)}
          onChange={(value) => setParams({ app: value })}
        />
        <Select
          label="User"
          all="All users"
          value={user}
          choices={choicesOf(
            sessions.map(({ usename }) => usename),
            user,
          )}
          onChange={(value) => setParams({ user: value })}
        />
        <Select
          label="Database"
          all="All databases"
          value={datname}
          choices={choicesOf(
            sessions.map((row) => row.datname),
            datname,
          )}
          onChange={(value) => setParams({ datname: value })}
        />
        <SearchField ref={search} label="Search sessions" shortcut="/" value={q} onChange={(value) => setParams({ q: value })} />
      </div>
      <div className="flex w-full items-center gap-2 overflow-x-auto text-label text-ink-3">
        Group by
        <Segmented
          label="Group by"
          value={group}
          choices={GROUPS.map((value) => ({ value, label: GROUP_LABEL[value] }))}
          onChange={(value) => setParams({ group: value })}
        />
      </div>
    </div>
  )
}
