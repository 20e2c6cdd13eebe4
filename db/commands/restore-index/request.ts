import { requestFor } from '../../domain/command-request'

export const restoreIndexRequest = requestFor<{ ddl: string }>('restore-index')
