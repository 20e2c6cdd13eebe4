import { requestFor } from '../../domain/command-request'

export const dropLeftoverIndexRequest = requestFor<{ oid: number }>('drop-leftover-index', { verb: 'Drop', many: 'leftovers' })
