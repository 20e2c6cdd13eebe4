import type { Before } from '../commands/define-command'
import { meetCluster } from '../runs/meet-cluster'
import type { Run } from '../runs/run-types'
import type { ClusterIdentity } from '../server/cluster'
import { failed, type Problem, type Result } from '../server/problem'
import type { Target } from '../server/target'

/** The server is not the one that the run was confirmed for, or cannot be told to be; nothing is wrong with the run. */
export const isElsewhere = ({ kind }: Problem): boolean => kind === 'another_cluster'

/**
 * The cluster that answers at the server of a run now. Errors: another_cluster, also where it has become a standby: what was confirmed on a
 * primary neither starts nor is judged there, as it may lack what was done last; unreachable.
 */
export async function whoAnswers({ onStandby }: Run, target: Target): Promise<Result<ClusterIdentity | null>> {
  const met = await meetCluster(target, { fresh: true })
  if (!met.ok || !met.value?.inRecovery || onStandby) return met
  return failed('another_cluster', 'The address leads to a standby: the run was confirmed for a primary.')
}

/** Between the plan and the session that was opened for it: then it is planned once more. */
export function changedSince(planned: ClusterIdentity | null, now: ClusterIdentity | null): Problem | null {
  if (!planned || !now || (planned.timeline === now.timeline && planned.inRecovery === now.inRecovery)) return null
  return failed('another_cluster', `The server was promoted just now: timeline ${now.timeline} in place of ${planned.timeline}.`).problem
}

/** In words, when the server is on another timeline than when the run began: the run is judged by what it shows. */
export async function promotedSince({ timeline }: Before, target: Target): Promise<string | null> {
  const met = await meetCluster(target)
  const now = met.ok ? met.value : null
  if (!now || timeline === undefined || now.timeline === timeline) return null
  return `The server was promoted (timeline ${now.timeline} in place of ${timeline}; what it had not received by then is gone)`
}

/** In words, when a run was planned anew on another timeline than it was confirmed on, and is the same there. */
export const promotedTo = ({ timeline }: Run, now: ClusterIdentity | null): string | null =>
  now && timeline !== null && now.timeline !== timeline
    ? `the server was promoted since it was confirmed (timeline ${now.timeline} in place of ${timeline}): planned anew, and the same`
    : null
