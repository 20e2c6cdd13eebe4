import type { Check } from '../../checks/define-check'
import { formatPercent } from '../../domain/format'
import { ofActivity } from '../sessions-found'

/** The defaults of check_postgres' action "backends". */
export const NEAR_SHARE = 0.9
const BAD_SHARE = 0.95

/** Of what ordinary roles can have: reserved connections are not theirs (manual, 19.3.1). */
export const nearMaxConnections: Check = {
  name: 'near-max-connections',
  about: 'Less than a tenth of the connections for ordinary roles is left',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ counts: { total, active, idle, idleInTransaction, max, reserved } }) => {
    const share = total / (max - reserved)
    if (share < NEAR_SHARE) return []
    return [
      {
        kind: 'server',
        name: null,
        title: `${total} of ${max - reserved} connections are in use`,
        evidence: `${formatPercent(share)} in use (threshold ${formatPercent(NEAR_SHARE)}): ${active} active, ${idle} idle, ${idleInTransaction} idle in transaction; max_connections is ${max}, ${reserved} of them reserved.`,
        trust: { kind: 'exact' },
        severity: share >= BAD_SHARE ? 'bad' : 'warn',
        fix: null,
        sql: null,
      },
    ]
  }),
}
