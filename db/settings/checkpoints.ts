import { manual, type Parameter, sameAsDefault } from './define-parameter'

const PAGE = 'runtime-config-wal'

export const checkpointTimeout: Parameter = {
  name: 'checkpoint_timeout',
  source: manual(PAGE, 'checkpoint_timeout'),
  value: ({ profile }) => ({
    value: { ms: (profile.workload === 'warehouse' ? 30 : 10) * 60_000 },
    why: 'Fewer checkpoints write fewer full-page images. The price is a longer recovery after a crash.',
  }),
  guide: { value: '10min' },
}

export const checkpointCompletionTarget: Parameter = {
  name: 'checkpoint_completion_target',
  source: manual(PAGE, 'checkpoint_completion_target'),
  value: () => ({ value: { number: 0.9 }, why: 'Spreads the writes over almost all of the time to the next checkpoint.' }),
  guide: { value: '0.9', remark: sameAsDefault },
}

export const CHECKPOINTS = [checkpointTimeout, checkpointCompletionTarget]
