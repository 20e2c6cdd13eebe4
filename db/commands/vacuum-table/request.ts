import { requestFor } from '../../domain/command-request'

export const vacuumTableRequest = requestFor<{ oid: number; full?: boolean }>('vacuum-table', { verb: 'Vacuum', many: 'tables' })
