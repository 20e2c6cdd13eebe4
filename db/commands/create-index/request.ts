import { requestFor } from '../../domain/command-request'

export const createIndexRequest = requestFor<{ definition: string; concurrently?: boolean }>('create-index', {
  verb: 'Create',
  many: 'indexes',
})
