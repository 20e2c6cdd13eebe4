import type { Check } from '../../checks/define-check'
import { formatAge, formatMoment } from '../../domain/format'
import { literal } from '../../server/identifiers'
import { ofActivity } from '../sessions-found'
import { oldestHolder } from '../xmin-holder'
import { PREPARED_SECONDS } from './xmin-held'

/** An hour: whoever prepared it would have come back by then. */
const BAD_SECONDS = 3_600

/**
 * Each that was left, but for the one that xmin-held names already. Nothing ends it by itself, not even a restart: it keeps its locks and its dead rows.
 * https://www.postgresql.org/docs/current/sql-prepare-transaction.html
 */
export const preparedTransactionAfter = (seconds: number): Check => ({
  name: 'prepared-transaction',
  about: 'Prepared transactions that nobody has ended for more than five minutes: they keep their locks for ever',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ prepared, holders }) => {
    const oldest = oldestHolder(holders)
    return prepared
      .filter(({ gid, seconds: open }) => open >= seconds && !(oldest?.kind === 'prepared transaction' && oldest.name === gid))
      .map(({ gid, owner, database, prepared: since, seconds: open }) => ({
        kind: 'server',
        name: gid,
        title: `Prepared transaction ${gid} has been open for ${formatAge(open)}`,
        evidence: `Prepared by ${owner} in ${database}, ${formatMoment(since)} (threshold ${formatAge(seconds)}). It keeps its locks, and no restart ends it. COMMIT PREPARED or ROLLBACK PREPARED in ${database} does: ask the transaction manager which.`,
        trust: { kind: 'exact' },
        severity: open >= BAD_SECONDS ? 'bad' : 'warn',
        since,
        fix: null,
        sql: `ROLLBACK PREPARED ${literal(gid)};`,
      }))
  }),
})

export const preparedTransaction = preparedTransactionAfter(PREPARED_SECONDS)
