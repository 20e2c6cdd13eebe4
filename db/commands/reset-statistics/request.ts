import { requestFor } from '../../domain/command-request'

export const resetStatisticsRequest = requestFor<{
  of: 'relation' | 'database' | 'statements' | 'statement'
  oid?: number
  userid?: number
  dbid?: number
  queryid?: string
}>('reset-statistics')
