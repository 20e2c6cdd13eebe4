import { requestFor } from '../../domain/command-request'

export const reindexTableRequest = requestFor<{ oid: number; concurrently?: boolean }>('reindex-table')
