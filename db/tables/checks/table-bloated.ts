import type { Check, RelationFinding } from '../../checks/define-check'
import { vacuumTableRequest } from '../../commands/vacuum-table/request'
import { formatBytes, formatPercent } from '../../domain/format'
import { bloatOf } from '../../indexes/bloat'
import type { Row } from '../../server/define-read'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { tableBloatEstimate } from '../reads/table-bloat-estimate'
import { LEAST_BYTES, LEAST_SHARE, worthRewriting } from '../table-bloat'

/** Tables, TOAST tables and system catalogs that a rewrite would make half as large or less. */
export const tableBloated: Check<RelationFinding> = {
  name: 'table-bloated',
  about: `Tables, TOAST tables and system catalogs that a rewrite would shrink by at least ${formatPercent(LEAST_SHARE)} and ${formatBytes(LEAST_BYTES)}`,
  look: async (target) => {
    const read = await runRead(target, tableBloatEstimate, {})
    if (!read.ok) return read
    return ok(bloated(read.value))
  },
}

const isCatalog = ({ owner_schema: schema }: Row<typeof tableBloatEstimate>): boolean => schema === 'pg_catalog'

/** Those of the system catalogs, which no list of tables has. */
export const catalogsBloated = (rows: readonly Row<typeof tableBloatEstimate>[]): RelationFinding[] => bloated(rows.filter(isCatalog))

const bloated = (rows: readonly Row<typeof tableBloatEstimate>[]): RelationFinding[] =>
  rows
    .map((row) => ({ row, bloat: bloatOf(row) }))
    .filter(({ bloat }) => worthRewriting(bloat))
    .sort((a, b) => (b.bloat.bloatBytes ?? 0) - (a.bloat.bloatBytes ?? 0))
    .map(({ row, bloat }) => finding(row, bloat))

function finding(row: Row<typeof tableBloatEstimate>, { bloatBytes, bloatRatio, trust }: ReturnType<typeof bloatOf>): RelationFinding {
  const plusMinus = trust.kind === 'estimated' ? ` ± ${Math.ceil(trust.plusMinus)} points` : ''
  const evidence = [
    `${formatBytes(bloatBytes ?? 0)} of ${formatBytes(row.bytes ?? 0)} (${formatPercent(bloatRatio ?? 0)}${plusMinus}) hold no live row.`,
    indexOf(row),
    'VACUUM makes the space reusable and keeps the file size: if the table will fill it again, that is enough.',
    `VACUUM (FULL) frees it, and ${blockedBy(row)}.`,
    whoMay(row),
    row.in_recovery ? 'This is a standby: the rewrite is done on its primary.' : '',
  ]
  return {
    kind: 'relation',
    what: 'table',
    schemaname: row.owner_schema,
    relname: row.owner_name,
    oid: row.owner,
    title: `${nameOf(row)} is bloated`,
    evidence: evidence.filter((sentence) => sentence !== '').join(' '),
    trust,
    severity: 'info',
    fix: isCatalog(row) || row.in_recovery ? null : vacuumTableRequest({ oid: row.owner, full: true }),
    sql: row.in_recovery ? null : `VACUUM (FULL) ${qualified(row.owner_schema, row.owner_name)};`,
  }
}

/** Until the rewrite is done; it holds an AccessExclusiveLock. */
function blockedBy(row: Row<typeof tableBloatEstimate>): string {
  if (!isCatalog(row)) return 'no session can read or write the table until it is done'
  if (row.owner_name === 'pg_largeobject') return 'no session can read or write a large object until it is done: choose a quiet time'
  return `until it is done no session can plan a statement${row.relisshared ? ', in any database of the server' : ''}: choose a quiet time`
}

/** https://www.postgresql.org/docs/current/sql-vacuum.html, Notes */
function whoMay(row: Row<typeof tableBloatEstimate>): string {
  if (!isCatalog(row)) return ''
  return row.relisshared ? 'Only a superuser may.' : 'A superuser or the owner of the database may.'
}

const nameOf = ({ relkind, owner_schema, owner_name, relname }: Row<typeof tableBloatEstimate>): string =>
  relkind === 't' ? `The TOAST table of ${qualified(owner_schema, owner_name)} (${relname})` : qualified(owner_schema, owner_name)

function indexOf({ index_bytes: bytes, index_rebuilt_bytes: rebuilt, relname }: Row<typeof tableBloatEstimate>): string {
  if (bytes === null || rebuilt === null || bytes - rebuilt < LEAST_BYTES / 4) return ''
  return `Its index ${relname}_index is ${formatBytes(bytes)} and would be ${formatBytes(rebuilt)}.`
}
