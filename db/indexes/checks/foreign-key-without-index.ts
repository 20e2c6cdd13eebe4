import type { Check, RelationFinding } from '../../checks/define-check'
import { ok } from '../../server/problem'
import type { Target } from '../../server/target'
import { missingIndexes, sizeOf, unservedKeys } from '../missing-indexes'

export const foreignKeyWithoutIndex: Check<RelationFinding> = {
  name: 'foreign-key-without-index',
  about: 'Foreign keys without an index on the referencing columns: deleting a referenced row reads the whole table',
  look: async (target) => {
    const found = await missingIndexes(target)
    return found.ok ? ok(found.value.map(({ finding }) => finding)) : found
  },
}

/** The same for scripts: one row a key, flat. Bytes; rows as pg_class estimates them; null where a lock hides them. Errors: as runRead. */
export async function unservedKeyReport(target: Target) {
  const found = await unservedKeys(target)
  if (!found.ok) return found
  const rows = found.value.keys.map(({ tables, parts: _, method: __, ...key }) => ({
    ...key,
    bytes: sizeOf([{ tables }]),
    reltuples: tables.every(({ reltuples }) => reltuples === null)
      ? null
      : tables.reduce((sum, { reltuples }) => sum + (reltuples ?? 0), 0),
  }))
  return ok(rows.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || a.conname.localeCompare(b.conname)))
}
