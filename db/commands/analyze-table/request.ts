import { requestFor } from '../../domain/command-request'

export const analyzeTableRequest = requestFor<{ oid: number }>('analyze-table', { verb: 'Analyze', many: 'tables' })
