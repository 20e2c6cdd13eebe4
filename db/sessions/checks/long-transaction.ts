import type { Check } from '../../checks/define-check'
import { formatAge } from '../../domain/format'
import type { SessionRow } from '../reads/sessions'
import { formatBlockers, onlyWaits } from '../root-blocker'
import { aboutSession, formatWho, ofActivity, sinceSeconds } from '../sessions-found'

/** Five times autovacuum_naptime as it comes (manual, 19.10): so often has autovacuum come by and left the dead rows. */
export const LONG_SECONDS = 300
/** An hour of them is what a maintenance run would have to wait for. */
const BAD_SECONDS = 3_600

/**
 * Transactions that run for long; those that idle are another check's. What they waited for a lock is not counted, and one that
 * waits now is not offered for its end: whoever it waits for is.
 */
export const longTransactionAfter = (seconds: number): Check => ({
  name: 'long-transaction',
  about: 'Transactions open for more than five minutes: VACUUM keeps rows that died since, and locks stay',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ sessions }) =>
    sessions
      .filter((row) => row.backend_type === 'client backend' && !row.own && !row.state?.startsWith('idle') && byItself(row) >= seconds)
      .sort((a, b) => (b.xact_seconds ?? 0) - (a.xact_seconds ?? 0))
      .map((row) => {
        const open = row.xact_seconds ?? 0
        const waits = onlyWaits(row)
        return {
          ...aboutSession(row.pid, row.backend_start),
          ...(waits && { fix: null, sql: null }),
          title: `Transaction of pid ${row.pid} has been open for ${formatAge(open)}`,
          evidence: `${formatWho(row)}, ${row.state ?? 'active'}; its statement has been running for ${formatAge(row.query_seconds ?? 0)}${waits ? `, and waits for ${formatBlockers(row)}: end that one first` : ''}. VACUUM cannot remove rows that died since it began. Threshold: ${formatAge(seconds)}.`,
          severity: open >= BAD_SECONDS ? 'bad' : 'warn',
          since: sinceSeconds(open),
        }
      }),
  ),
})

/** Seconds that it has been open without those that it has waited for a lock by now; -1 where that is hidden. */
const byItself = ({ xact_seconds: open, wait_seconds: waited, ...row }: SessionRow): number =>
  open === null ? -1 : onlyWaits(row) ? open - (waited ?? open) : open

export const longTransaction = longTransactionAfter(LONG_SECONDS)
