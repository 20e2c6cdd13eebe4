import { foreignKeysWithoutIndex } from '../reads/foreign-keys-without-index'
import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Check, RelationFinding } from './define-check'
import { sayBytes, sayCount } from './say'

/** A table of this size is read in some 10 ms, once for every row that is deleted from the referenced one. */
const WARN_BYTES = 10 * 1024 * 1024

export const foreignKeyWithoutIndex: Check<RelationFinding> = {
  name: 'foreign-key-without-index',
  about: 'Foreign keys whose referencing columns no index serves: deleting a referenced row reads the whole table',
  look: async (target) => {
    const keys = await runRead(target, foreignKeysWithoutIndex, {})
    return keys.ok ? ok(keys.value.map(finding)) : keys
  },
}

function finding(key: Row<typeof foreignKeysWithoutIndex>): RelationFinding {
  const table = qualified(key.schemaname, key.relname)
  const columns = key.columns.map(identifier).join(', ')
  const size = key.bytes === null ? '' : ` (${sayBytes(key.bytes)})`
  // Building it concurrently is not for partitioned tables (manual, CREATE INDEX).
  const concurrently = key.partitioned ? '' : 'CONCURRENTLY '
  const definition = `CREATE INDEX ${concurrently}${identifier(freeName(key))} ON ${table} (${columns})`
  return {
    kind: 'relation',
    what: 'table',
    title: `Foreign key ${identifier(key.conname)} of ${table} has no index`,
    evidence: `Each row deleted from ${key.referenced}, or whose key changes there, reads all of ${table}${size}; on delete ${key.on_delete}. ${sayCount(key.deleted, 'row')} deleted there since statistics began.`,
    trust: { kind: 'exact' },
    severity: (key.bytes ?? 0) >= WARN_BYTES || (key.partitioned && (key.reltuples ?? 0) > 0) ? 'warn' : 'info',
    schemaname: key.schemaname,
    relname: key.relname,
    oid: key.oid,
    mend: { command: 'create-index', input: { definition, concurrently: !key.partitioned } },
    sql: `${definition};`,
  }
}

/** NAMEDATALEN less one (manual, 4.1.1). */
const NAME_BYTES = 63

/** table_column_idx with a number where that is taken, as PostgreSQL itself would call it. */
function freeName({ relname, columns, taken }: Pick<Row<typeof foreignKeysWithoutIndex>, 'relname' | 'columns' | 'taken'>): string {
  const base = [relname, ...columns].join('_')
  for (let number = 0; ; number++) {
    const end = `_idx${number || ''}`
    const name = `${cut(base, NAME_BYTES - end.length)}${end}`
    if (!taken.includes(name)) return name
  }
}

/** The longest beginning of at most so many bytes, between characters. */
function cut(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}
