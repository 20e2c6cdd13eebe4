'use client'
import { keyOfTag } from '@/db/domain/tags'
import { Select } from '../ui/select'

/** Keys that are so long a list of filters that it would hide the rest. */
const MOST_KEYS = 4

/** One choice for each key that tags have (env:prod), and one for all that have none. */
export function TagFilters({ known, chosen, onChange }: { known: string[]; chosen: string[]; onChange: (tags: string[]) => void }) {
  const byKey = Map.groupBy(known, (tag) => keyOfTag(tag) ?? '')
  const keys = [...byKey.keys()].sort((a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b)).slice(0, MOST_KEYS)
  return keys.map((key) => {
    const tags = byKey.get(key) ?? []
    const value = chosen.find((tag) => (keyOfTag(tag) ?? '') === key) ?? null
    return (
      <Select
        key={key}
        label={key === '' ? 'Tag' : key}
        all={key === '' ? 'All tags' : `${key}: all`}
        value={value}
        choices={tags}
        onChange={(tag) => onChange([...chosen.filter((one) => (keyOfTag(one) ?? '') !== key), ...(tag === null ? [] : [tag])])}
      />
    )
  })
}
