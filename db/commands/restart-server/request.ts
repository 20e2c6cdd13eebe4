import { requestFor } from '../../domain/command-request'

export const restartServerRequest = requestFor<object>('restart-server')
