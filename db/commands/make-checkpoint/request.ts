import { requestFor } from '../../domain/command-request'

export const makeCheckpointRequest = requestFor<object>('make-checkpoint', { verb: 'Checkpoint', many: 'checkpoints' })
