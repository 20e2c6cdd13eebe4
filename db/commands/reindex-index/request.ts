import { requestFor } from '../../domain/command-request'

export const reindexIndexRequest = requestFor<{ oid: number; concurrently?: boolean }>('reindex-index', {
  verb: 'Rebuild',
  many: 'indexes',
})
