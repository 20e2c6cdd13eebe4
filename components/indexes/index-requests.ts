import { dropIndexRequest } from '@/db/commands/drop-index/request'
import { dropLeftoverIndexRequest } from '@/db/commands/drop-leftover-index/request'
import { reindexIndexRequest } from '@/db/commands/reindex-index/request'
import { resetStatisticsRequest } from '@/db/commands/reset-statistics/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { IndexFinding } from '@/db/indexes/index-finding'

/** The index of an exclusion constraint is rebuilt in place only (manual, REINDEX). */
export const rebuildRequest = ({ indexrelid, exclusion }: IndexFinding): CommandRequest =>
  reindexIndexRequest({ oid: indexrelid, concurrently: !exclusion })

export const resetRequest = ({ indexrelid }: IndexFinding): CommandRequest => resetStatisticsRequest({ of: 'relation', oid: indexrelid })

export const RESET_DATABASE: CommandRequest = resetStatisticsRequest({ of: 'database' })

/** A leftover has its own command; a partitioned index is dropped in the plain form only (manual, DROP INDEX). */
export function dropRequest({ indexrelid, invalid, partitioned }: IndexFinding): CommandRequest {
  if (invalid?.action === 'drop') return dropLeftoverIndexRequest({ oid: indexrelid })
  return dropIndexRequest({ oid: indexrelid, concurrently: !partitioned })
}
