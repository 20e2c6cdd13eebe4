import { attachIndexPartitionRequest } from '@/db/commands/attach-index-partition/request'
import { dropIndexRequest } from '@/db/commands/drop-index/request'
import { dropLeftoverIndexRequest } from '@/db/commands/drop-leftover-index/request'
import { reindexIndexRequest } from '@/db/commands/reindex-index/request'
import { resetStatisticsRequest } from '@/db/commands/reset-statistics/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { IndexFinding } from '@/db/indexes/index-finding'

/**
 * What makes it as it should be. The index of an exclusion constraint is rebuilt in place only (manual, REINDEX); a partitioned one that
 * lacks partitions turns valid by what is attached.
 */
export const rebuildRequest = ({ indexrelid, exclusion, invalid }: IndexFinding): CommandRequest =>
  invalid?.action === 'attach'
    ? attachIndexPartitionRequest({ oid: indexrelid })
    : reindexIndexRequest({ oid: indexrelid, concurrently: !exclusion })

/** What the button for that says. */
export const rebuildVerb = ({ invalid }: Pick<IndexFinding, 'invalid'>): string =>
  invalid?.action === 'attach' ? 'Attach partitions' : 'Rebuild'

export const resetRequest = ({ indexrelid }: IndexFinding): CommandRequest => resetStatisticsRequest({ of: 'relation', oid: indexrelid })

export const RESET_DATABASE: CommandRequest = resetStatisticsRequest({ of: 'database' })

/** A leftover has its own command; a partitioned index is dropped in the plain form only (manual, DROP INDEX). */
export function dropRequest({ indexrelid, invalid, partitioned }: IndexFinding): CommandRequest {
  if (invalid?.action === 'drop') return dropLeftoverIndexRequest({ oid: indexrelid })
  return dropIndexRequest({ oid: indexrelid, concurrently: !partitioned })
}
