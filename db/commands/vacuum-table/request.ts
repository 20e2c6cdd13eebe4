import { requestFor } from '../../domain/command-request'

export const vacuumTableRequest = requestFor<{ oid: number; full?: boolean; analyze?: boolean }>('vacuum-table', {
  verb: 'Vacuum',
  many: 'tables',
})
