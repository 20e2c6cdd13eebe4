import type { Check } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { qualified } from '../../server/identifiers'
import { aboutTable, ofIdentity, rowsOf } from '../identity-found'
import { FEW_ROWS } from '../table-health'

/** Silent about unlogged tables (staging), partitions, small tables, and those whose rows a unique index over columns that are NOT NULL names as well. */
export const primaryKeyMissing: Check = {
  name: 'primary-key-missing',
  about: 'Tables of 1,000 rows or more without a primary key, or a unique index that could be one',
  cadence: 'hour',
  look: ofIdentity((rows) => {
    const counted = new Map<number, number>()
    for (const row of rows) if (row.root !== null) counted.set(row.root, (counted.get(row.root) ?? 0) + Math.max(0, rowsOf(row)))
    return rows
      .filter((row) => row.root === null && row.relpersistence === 'p' && !row.has_primary_key && row.identity_index === null)
      .map((row) => ({ row, count: row.relkind === 'p' ? (counted.get(row.relid) ?? 0) : rowsOf(row) }))
      .filter(({ count }) => count >= FEW_ROWS)
      .sort((a, b) => b.count - a.count)
      .map(({ row, count }) => ({
        ...aboutTable(row),
        title: `${qualified(row.schemaname, row.relname)} has no primary key`,
        evidence: `About ${formatCount(Math.round(count), 'row')}, and nothing that names one of them: equal rows cannot be told apart, and logical replication publishes their UPDATEs and DELETEs only by whole rows.`,
        severity: 'info',
        sql: null,
      }))
  }),
}
