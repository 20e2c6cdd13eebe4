import { requestFor } from '../../domain/command-request'

/** Without a version: to the one that the server's files name as the default. */
export const updateExtensionRequest = requestFor<{ extension: string; version?: string }>('update-extension', {
  verb: 'Update',
  many: 'extensions',
})
