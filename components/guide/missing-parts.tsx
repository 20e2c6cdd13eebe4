import type { Guide } from '@/db/guide/find-guide'
import { plural } from '../format'

/** What of the guide's tables is not in the schema; nothing where all of it is. */
export function MissingParts({ missing }: Pick<Guide, 'missing'>) {
  if (missing.length === 0) return null
  const count = missing.reduce((sum, { columns }) => sum + columns.length, 0)
  return (
    <section aria-label="Not here" className="mb-3 text-cell text-ink-2">
      <p>{plural(count, 'column', 'columns')} of the guide’s 67 are not here, or of another type; what needs them is left out:</p>
      <ul className="list-disc pl-5">
        {missing.map(({ table, columns, absent }) => (
          <li key={table}>
            <span className="font-mono">{table}</span>:{' '}
            {absent ? 'no table of that name' : <span className="font-mono">{columns.join(', ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
