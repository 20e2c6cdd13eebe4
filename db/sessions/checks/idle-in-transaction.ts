import type { Check } from '../../checks/define-check'
import { formatAge, formatCount } from '../../domain/format'
import { aboutSession, formatWho, ofActivity, sinceSeconds } from '../sessions-found'

/** autovacuum_naptime as it comes (manual, 19.10): from then on a VACUUM that came by could have removed more. */
export const IDLE_SECONDS = 60
const BAD_SECONDS = 600

/** Sessions whose client keeps a transaction open and does nothing in it (manual, 19.11, idle_in_transaction_session_timeout). */
export const idleInTransactionAfter = (seconds: number): Check => ({
  name: 'idle-in-transaction',
  about: 'Sessions idle in transaction for more than a minute: they keep their locks and their snapshot',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ sessions, trees }) =>
    sessions
      .filter((row) => row.state?.startsWith('idle in transaction') && !row.own && (row.state_seconds ?? -1) >= seconds)
      .sort((a, b) => (b.state_seconds ?? 0) - (a.state_seconds ?? 0))
      .map((row) => {
        const idle = row.state_seconds ?? 0
        const blocks = trees.find(({ pid }) => pid === row.pid)?.all ?? 0
        return {
          ...aboutSession(row.pid, row.backend_start),
          title: `Session of pid ${row.pid} has been idle in transaction for ${formatAge(idle)}`,
          evidence: `${formatWho(row)}; transaction open for ${formatAge(row.xact_seconds ?? 0)}${blocks > 0 ? `, blocks ${formatCount(blocks, 'session')}` : ''}. Threshold: ${formatAge(seconds)}. idle_in_transaction_session_timeout would end such sessions.`,
          severity: idle >= BAD_SECONDS || blocks > 0 ? 'bad' : 'warn',
          since: sinceSeconds(idle),
        }
      }),
  ),
})

export const idleInTransaction = idleInTransactionAfter(IDLE_SECONDS)
