import type { CheckOutcome, Finding } from '../checks/define-check'
import { grantToKnow } from '../server/cluster'
import type { Problem } from '../server/problem'

/** What the console's record of a server says of its cluster. */
export interface ClusterRecord {
  name: string
  systemIdentifier: string | null
  otherIdentifier: string | null
  otherSince: Date | null
  standbySince: Date | null
  unknownSince: Date | null
}

const FOUND = { kind: 'server', trust: { kind: 'exact' }, fix: null, sql: null } as const

/**
 * Whether a server is the cluster that the console knows as it: what its record says, as a check does. Only the console knows, so the command line
 * has no such check. `problem`: why nobody could look now; `role`: whose privileges are short.
 */
export function whichCluster(record: ClusterRecord, problem: Problem | null, role: string): CheckOutcome {
  const finding = clusterFinding(record, role)
  const about = 'The address leads to the cluster that is recorded for this server, and it is a primary'
  return finding
    ? { name: 'which-cluster', about, findings: [finding], total: 1, problem: null }
    : { name: 'which-cluster', about, findings: [], total: 0, problem }
}

function clusterFinding({ name, systemIdentifier, otherIdentifier, ...since }: ClusterRecord, role: string): Finding | null {
  if (otherIdentifier !== null)
    return {
      ...FOUND,
      ...from(since.otherSince),
      name: otherIdentifier,
      severity: 'bad',
      title: 'This address leads to another cluster',
      evidence:
        `System identifier ${otherIdentifier} answers in place of ${systemIdentifier}, which is recorded for ${name}. What else stands here is of the ` +
        'cluster that answers. Runs are held until the address leads back, or an administrator says that this is the server now.',
    }
  if (since.unknownSince)
    return {
      ...FOUND,
      ...from(since.unknownSince),
      name: systemIdentifier,
      severity: 'warn',
      title: 'The system identifier can no longer be read',
      evidence:
        `So it is not known whether ${systemIdentifier}, which is recorded for ${name}, still answers, and runs are held. ` +
        `To fix: ${grantToKnow(role)};`,
      sql: grantToKnow(role),
    }
  if (since.standbySince)
    return {
      ...FOUND,
      ...from(since.standbySince),
      name: systemIdentifier,
      severity: 'info',
      title: 'A standby answers',
      evidence: `Cluster ${systemIdentifier} is in recovery, so it takes no change. Runs that were confirmed for a primary are held until it is one.`,
    }
  return null
}

const from = (since: Date | null) => (since ? { since: since.toISOString() } : {})
