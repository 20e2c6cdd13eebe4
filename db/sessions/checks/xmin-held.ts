import type { Check, Finding } from '../../checks/define-check'
import { dropReplicationSlotRequest } from '../../commands/drop-replication-slot/request'
import { formatAge, formatCount } from '../../domain/format'
import { literal } from '../../server/identifiers'
import type { XminHolder } from '../activity'
import { aboutSession, ofActivity, sinceSeconds } from '../sessions-found'
import { oldestHolder } from '../xmin-holder'

/** A choice: a hundredth of autovacuum_freeze_max_age as it comes (manual, 19.10) would be 2 M; half of it is still early. */
const WARN_TRANSACTIONS = 1_000_000
const BAD_TRANSACTIONS = 50_000_000
/** Nothing ends a prepared transaction by itself, so it is told by its time; check_postgres' "prepared_txns" warns sooner still. */
export const PREPARED_SECONDS = 300

/** The one holder whose xmin is the oldest: while it holds, ending another gives nothing back. */
export const xminHeldFor = (transactions: number, preparedSeconds: number): Check => ({
  name: 'xmin-held',
  about: 'One transaction, slot or standby keeps VACUUM from removing the dead rows of more than a million transactions',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ holders }) => {
    const oldest = oldestHolder(holders)
    const counts = (holder: XminHolder) =>
      holder.age >= transactions || (holder.kind === 'prepared transaction' && (holder.seconds ?? 0) >= preparedSeconds)
    const found = [oldest, holders[0]].find((holder) => holder !== undefined && counts(holder))
    return found ? [finding(found, transactions)] : []
  }),
})

function finding(holder: XminHolder, transactions: number): Finding {
  const { kind, name, age, seconds, detail, pid, backendStart, catalogOnly, datname, waitsFor } = holder
  const what = kind === 'backend' ? `Session of ${name}` : `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${name}`
  const held = seconds === null ? '' : ` for ${formatAge(seconds)}`
  const rows = catalogOnly ? 'Dead rows of the system catalogs stay' : 'Dead rows of every table stay'
  const said = {
    title: `${what} holds the xmin horizon`,
    evidence: `Held back by ${formatCount(age, 'transaction')}${held}; ${detail}${datname ? `, in ${datname}` : ''}. ${rows}, whatever VACUUM does. Threshold: ${formatCount(transactions, 'transaction')}, or a few minutes for a prepared transaction.`,
    severity: age >= BAD_TRANSACTIONS ? 'bad' : 'warn',
    ...(seconds === null ? {} : { since: sinceSeconds(seconds) }),
  } as const
  if (kind === 'backend' && pid !== null)
    return waitsFor === null
      ? { ...said, ...aboutSession(pid, backendStart) }
      : {
          ...said,
          ...aboutSession(pid, backendStart),
          evidence: `${said.evidence} It waits for ${waitsFor}: end that one first.`,
          fix: null,
          sql: null,
        }
  const fix = kind === 'replication slot' ? dropReplicationSlotRequest({ slot: name }) : null
  return { ...said, kind: 'server', name, trust: { kind: 'exact' }, fix, sql: statementOf(holder) }
}

/** What would let go: a slot is dropped, a prepared transaction rolled back; a standby is asked for its feedback. */
function statementOf({ kind, name }: XminHolder): string | null {
  if (kind === 'replication slot') return `SELECT pg_drop_replication_slot(${literal(name)});`
  return kind === 'prepared transaction' ? `ROLLBACK PREPARED ${literal(name)};` : null
}

export const xminHeld = xminHeldFor(WARN_TRANSACTIONS, PREPARED_SECONDS)
