import type { IndexFinding } from '@/db/checks/index-finding'
import type { CommandRequest } from '../confirm/preview'

export const rebuildRequest = ({ indexrelid }: IndexFinding): CommandRequest => ({
  command: 'reindex-index',
  input: { oid: indexrelid, concurrently: true },
})

export const resetRequest = ({ indexrelid }: IndexFinding): CommandRequest => ({
  command: 'reset-statistics',
  input: { of: 'relation', oid: indexrelid },
})

export const RESET_DATABASE: CommandRequest = { command: 'reset-statistics', input: { of: 'database' } }

/** The names that REINDEX CONCURRENTLY gives its copies. */
const LEFTOVER = /_cc(new|old)\d*$/

/** What a REINDEX CONCURRENTLY left has its own command; a partitioned index is dropped in the plain form only (manual, DROP INDEX). */
export function dropRequest({ indexrelid, indexrelname, verdict, partitions }: IndexFinding): CommandRequest {
  if (verdict === 'invalid' && partitions === 0 && LEFTOVER.test(indexrelname))
    return { command: 'drop-leftover-index', input: { oid: indexrelid } }
  return { command: 'drop-index', input: { oid: indexrelid, concurrently: partitions === 0 } }
}
