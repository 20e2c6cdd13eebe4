import { requestFor } from '../../domain/command-request'

/** `oid`: the partition. Without `concurrently`: CONCURRENTLY where PostgreSQL can. */
export const detachPartitionRequest = requestFor<{ oid: number; concurrently?: boolean }>('detach-partition', {
  verb: 'Detach',
  many: 'partitions',
})
