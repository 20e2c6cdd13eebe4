import { requestFor } from '../../domain/command-request'

export const dropReplicationSlotRequest = requestFor<{ slot: string; checkpoint?: boolean }>('drop-replication-slot', {
  verb: 'Drop slot',
  many: 'replication slots',
})
