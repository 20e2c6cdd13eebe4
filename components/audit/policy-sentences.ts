type Detail = Record<string, unknown>

const problemWords = (given: unknown): string =>
  typeof given === 'object' && given !== null && 'message' in given ? ` ${String(given.message)}` : ''

const list = (given: unknown): string[] => (Array.isArray(given) ? given.map(String) : [])

const OUTCOME: Record<string, string> = {
  done: 'nothing was left',
  limit: 'the limit was reached',
  time: 'its time was over',
  stopped: 'stopped',
  failed: 'a run failed',
  cancelled: 'a run was cancelled',
  refused: 'the policy was paused',
  paused: 'the policy was paused',
  changed: 'the policy was changed or removed',
  elsewhere: 'another cluster answers',
}

/** What became of a policy, and of its nights. */
export const POLICY_SENTENCES: Record<string, (detail: Detail) => string> = {
  'policy.confirmed': ({ rule, window, cluster }) => `${rule} In the window ${window}; cluster ${cluster}`,
  'policy.changed': ({ rule, window, before }) => {
    const was = typeof before === 'object' && before !== null && 'rule' in before ? ` Until then: ${before.rule}` : ''
    return `${rule} In the window ${window}.${was}`
  },
  'policy.refused': ({ rule, problem }) => `Not confirmed:${problemWords(problem)} ${rule}`,
  'policy.paused': ({ rule, reason }) => `Paused${reason === undefined ? '' : `: ${reason}`} ${rule}`,
  'policy.resumed': ({ rule }) => `Resumed: ${rule}`,
  'policy.removed': ({ rule }) => `Removed: ${rule}`,
  'policy.night-ended': ({ outcome, reason, runs, left }) => {
    const [did, stays] = [list(runs), list(left)]
    const ran = did.length === 0 ? 'no run' : `runs ${did.map((id) => `#${id}`).join(', ')}`
    const why = reason === undefined ? '' : ` (${reason})`
    return `Night of a policy: ${ran}; ${OUTCOME[String(outcome)] ?? outcome}${why}${stays.length === 0 ? '' : `; left: ${stays.join('; ')}`}`
  },
}
