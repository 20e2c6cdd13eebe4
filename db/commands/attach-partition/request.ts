import { requestFor } from '../../domain/command-request'

/** `oid`: the table that becomes a partition of `parent`. `bound`: FOR VALUES …, or DEFAULT. */
export const attachPartitionRequest = requestFor<{ oid: number; parent: number; bound: string }>('attach-partition', {
  verb: 'Attach',
  many: 'partitions',
})
