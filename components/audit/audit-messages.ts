import { bytes, duration } from '../format'

/** How the names of noted facts are said and their values printed; every other one as it is. */
const PRINTED: Record<string, [string, (value: number) => string]> = {
  durationMs: ['took', duration],
  bytesBefore: ['before', bytes],
  bytesAfter: ['after', bytes],
  walBytes: ['WAL', bytes],
}

/** What an entry noted beside its statements, in a line: took 29 s, before 46.4 MB, after 33.4 MB. */
export function auditWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .flatMap(([name, value]) => {
      if (name === 'from') return [] // it has a column
      if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return []
      const printed = PRINTED[name]
      if (printed && typeof value === 'number') return [`${printed[0]} ${printed[1](value)}`]
      if (name === 'problem' && typeof value === 'object' && 'message' in value) return [String(value.message)]
      return [`${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`]
    })
    .join(', ')
}
