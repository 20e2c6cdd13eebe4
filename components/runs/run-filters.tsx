'use client'
import { useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Button } from '../ui/button'
import { SearchField } from '../ui/search-field'
import { FilterChips } from '../ui/segmented'
import { Select } from '../ui/select'
import { RUN_SHOWS, runSearch } from './run-search'

const LABELS = { all: 'All', going: 'Active', succeeded: 'Done', failed: 'Failed or lost', cancelled: 'Cancelled' }

/** State, server, words. All of it stands in the address. */
export function RunFilters({ servers }: { servers: { id: string; name: string }[] }) {
  const [busy, startTransition] = useTransition()
  const [filter, setFilter] = useQueryStates(runSearch, { shallow: false, startTransition, throttleMs: 250 })
  const set = (change: Parameters<typeof setFilter>[0] & object) => void setFilter({ ...change, before: null })
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2.5" aria-busy={busy}>
      <FilterChips
        label="State"
        value={filter.show}
        choices={RUN_SHOWS.map((value) => ({ value, label: LABELS[value] }))}
        onChange={(show) => set({ show })}
      />
      {servers.length > 1 && (
        <Select
          label="Server"
          all="Every server"
          value={servers.find(({ id }) => id === filter.server)?.name ?? null}
          choices={servers.map(({ name }) => name)}
          onChange={(name) => set({ server: servers.find((server) => server.name === name)?.id ?? null })}
        />
      )}
      {filter.batch && <Button onClick={() => set({ batch: null })}>One batch ×</Button>}
      <SearchField className="ml-auto max-sm:ml-0" label="Search statements" value={filter.q} onChange={(q) => set({ q })} />
    </div>
  )
}
