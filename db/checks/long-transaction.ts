import type { Check } from './define-check'
import { sayAge } from './say'
import { aboutSession, ofActivity, sayWho, sinceSeconds } from './sessions-found'

/** Five times autovacuum_naptime as it comes (manual, 19.10): so often has autovacuum come by and left the dead rows. */
export const LONG_SECONDS = 300
/** An hour of them is what a maintenance run would have to wait for. */
const BAD_SECONDS = 3_600

/** Transactions that run for long; those that idle are another check's. */
export const longTransactionAfter = (seconds: number): Check => ({
  name: 'long-transaction',
  about: 'Transactions that have been open for more than five minutes: VACUUM keeps what died since, and locks stay',
  look: ofActivity(({ sessions }) =>
    sessions
      .filter(
        (row) => row.backend_type === 'client backend' && !row.own && !row.state?.startsWith('idle') && (row.xact_seconds ?? -1) >= seconds,
      )
      .sort((a, b) => (b.xact_seconds ?? 0) - (a.xact_seconds ?? 0))
      .map((row) => {
        const open = row.xact_seconds ?? 0
        return {
          ...aboutSession(row.pid, row.backend_start),
          title: `Transaction of pid ${row.pid} has been open for ${sayAge(open)}`,
          evidence: `Long: ${sayAge(seconds)} or more. ${sayWho(row)}, ${row.state ?? 'at work'}; its statement runs for ${sayAge(row.query_seconds ?? 0)}. Rows that died since it began cannot be removed.`,
          severity: open >= BAD_SECONDS ? 'bad' : 'warn',
          since: sinceSeconds(open),
        }
      }),
  ),
})

export const longTransaction = longTransactionAfter(LONG_SECONDS)
