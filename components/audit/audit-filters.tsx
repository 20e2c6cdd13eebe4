'use client'
import { useQueryStates } from 'nuqs'
import { useTransition } from 'react'
import { Button } from '../ui/button'
import { Input } from '../ui/field'
import { SearchField } from '../ui/search-field'
import { Select } from '../ui/select'
import { auditSearch } from './audit-search'

/** Who, what, from, to and words. All of it stands in the address. */
export function AuditFilters({ actors, actions }: { actors: string[]; actions: string[] }) {
  const [busy, startTransition] = useTransition()
  const [filter, setFilter] = useQueryStates(auditSearch, { shallow: false, startTransition, throttleMs: 250 })
  const set = (change: Partial<typeof filter>) => void setFilter({ ...change, before: null })
  const any = Object.values(filter).some((value) => value !== null && value !== '')
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" aria-busy={busy}>
      <Select label="Who" all="Everybody" value={filter.actor} choices={actors} onChange={(actor) => set({ actor })} />
      <Select label="What" all="Every action" value={filter.action} choices={actions} onChange={(action) => set({ action })} />
      <Day label="From" value={filter.from} onChange={(from) => set({ from })} />
      <Day label="To" value={filter.to} onChange={(to) => set({ to })} />
      {filter.run && (
        <Button size="md" onClick={() => set({ run: null })} aria-label={`Run ${filter.run}: remove this filter`}>
          Run #{filter.run} ×
        </Button>
      )}
      {any && (
        <Button variant="quiet" onClick={() => setFilter(null)}>
          Clear
        </Button>
      )}
      <SearchField
        className="ml-auto max-sm:ml-0"
        label="Search SQL and details"
        value={filter.search ?? ''}
        onChange={(search) => set({ search: search || null })}
      />
    </div>
  )
}

function Day({ label, value, onChange }: { label: string; value: string | null; onChange: (value: string | null) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-label text-ink-3 max-sm:basis-[45%] max-sm:grow">
      {label}
      <Input
        type="date"
        className="h-[30px]! w-auto! max-sm:h-10! max-sm:w-full! max-sm:min-w-0"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
      />
    </label>
  )
}
