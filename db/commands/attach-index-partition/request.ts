import { requestFor } from '../../domain/command-request'

export const attachIndexPartitionRequest = requestFor<{ oid: number }>('attach-index-partition', {
  verb: 'Attach partitions',
  many: 'partitioned indexes',
})
