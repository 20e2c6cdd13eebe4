import type { Check, Finding } from '../../checks/define-check'
import { formatAge, formatCount, formatMoment } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { expiringRoles } from '../reads/expiring-roles'

const DAY = 86_400
/** Our own choices: two weeks are enough to change a password; one that ended a month ago and that nobody misses was meant to end. */
const SOON = 14 * DAY
const CLOSED_AFTER = 30 * DAY

/** After the end no login by password succeeds, and sessions that are there stay. Silent about roles that nobody has used for a month after. */
export const passwordExpires: Check = {
  name: 'password-expires',
  about: 'Roles whose password ends within 14 days, or has just ended: their next login by password fails',
  cadence: 'hour',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, expiringRoles, {})
    if (!read.ok) return read
    return ok(read.value.filter(({ seconds, sessions }) => seconds <= SOON && (seconds > -CLOSED_AFTER || sessions > 0)).map(finding))
  },
}

function finding({ rolname, valid_until: until, seconds, sessions }: Row<typeof expiringRoles>): Finding {
  const isOver = seconds <= 0
  const used =
    sessions > 0
      ? `It has ${formatCount(sessions, 'session')} now, which stay${isOver ? ', and no new one can begin' : ''}.`
      : 'It has no session now.'
  return {
    kind: 'server',
    name: rolname,
    title: isOver
      ? `The password of ${identifier(rolname)} has ended`
      : `The password of ${identifier(rolname)} ends in ${formatAge(seconds)}`,
    evidence: `VALID UNTIL ${formatMoment(until)} (threshold 14 days). ${used} Logins by certificate, peer or LDAP do not ask for it.`,
    trust: { kind: 'exact' },
    severity: isOver && sessions > 0 ? 'bad' : 'warn',
    ...(isOver ? { since: until } : {}),
    fix: null,
    sql: null,
  }
}
