import type { Check, EndedNight } from '../../checks/define-check'
import { formatCount, formatMoment } from '../../domain/format'
import { POLICY_WORDS } from '../../domain/policy-words'
import { ok } from '../../server/problem'

/**
 * A policy is confirmed once, and nobody looks on: a night that a preflight check, a run or a refused confirmation ended is told until another
 * night went on to its end. Silent about one that was paused, cancelled or simply out of time, and where there is no console.
 */
const TOLD: Partial<Record<EndedNight['outcome'], string>> = {
  stopped: 'was stopped by a preflight check',
  failed: 'ended with a run that failed',
  refused: 'was refused',
}

export const policyStopped: Check = {
  name: 'policy-stopped',
  about: 'The last night of a maintenance policy was stopped by a preflight check, a run that failed, or a refused confirmation',
  cadence: 'hour',
  look: async ({ database }, past) => {
    const nights = (await past?.nights?.(database)) ?? []
    return ok(
      nights.flatMap(({ policy, kind, outcome, reason, opensAt, endedAt, runs }) => {
        const how = TOLD[outcome]
        if (!how) return []
        return {
          kind: 'server',
          name: policy,
          title: `The policy "${POLICY_WORDS[kind].name}" ${how}`,
          evidence: `Its night of ${formatMoment(opensAt)} ended after ${formatCount(runs, 'run')}${reason ? `: ${reason}` : ''}. The next night tries again; what stopped this one stops that one too, unless it is gone by then.`,
          trust: { kind: 'exact' },
          severity: 'warn',
          since: endedAt,
          fix: null,
          sql: null,
        } as const
      }),
    )
  },
}
