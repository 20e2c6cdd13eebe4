import { requestFor } from '../../domain/command-request'

/** `minutes`: after so long no further table is begun. */
export const analyzeDatabaseRequest = requestFor<{ minutes?: number }>('analyze-database', { verb: 'Analyze', many: 'databases' })
