import { requestFor } from '../../domain/command-request'

export const refreshCollationRequest = requestFor<{ oids: number[]; database?: boolean }>('refresh-collation', {
  verb: 'Refresh',
  many: 'collations',
})
