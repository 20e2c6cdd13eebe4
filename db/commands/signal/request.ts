import { requestFor } from '../../domain/command-request'

export const cancelBackendRequest = requestFor<{ pid: number; backendStart: string }>('cancel-backend', {
  verb: 'Cancel',
  many: 'statements',
})

export const terminateBackendRequest = requestFor<{ pid: number; backendStart: string }>('terminate-backend', {
  verb: 'End',
  many: 'sessions',
})
