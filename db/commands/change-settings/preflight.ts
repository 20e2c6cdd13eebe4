import { formatFirst } from '../../domain/format'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { RECOVERY_NEEDS } from '../../settings/surroundings'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'
import { soundForReload } from '../preflight/config-files'
import type { SettingsFacts } from './facts'

type Facts = SettingsFacts & { wanted: Map<string, string | null> }

const ELSEWHERE = 'The page of the configuration gives the same values as a file and as a parameter group.'

const allowed: PreflightCheck<Facts> = async (_target, { facts: { managed, alter_system_allowed: on } }) => {
  if (managed)
    return line(
      'managed',
      'stop',
      `${managed} keeps the configuration`,
      `It refuses ALTER SYSTEM: change the instance's parameters there. ${ELSEWHERE}`,
    )
  if (!on)
    return line(
      'allow-alter-system',
      'stop',
      'allow_alter_system is off',
      `This server's configuration is kept elsewhere, in files. ${ELSEWHERE}`,
    )
  return ok(null)
}

const privilege: PreflightCheck<Facts> = async (_target, { server, facts }) => {
  const role = identifier(server.role)
  if (facts.forbidden.length > 0) {
    const grant =
      server.major >= 15
        ? `GRANT ALTER SYSTEM ON PARAMETER ${facts.forbidden.join(', ')} TO ${role} would allow it.`
        : 'Up to 14 only a superuser may.'
    return line('privilege', 'stop', `${server.role} may not do this`, `${grant} ${ELSEWHERE}`)
  }
  if (!facts.may_reload)
    return line(
      'privilege',
      'stop',
      `${server.role} may not reload`,
      `GRANT EXECUTE ON FUNCTION pg_reload_conf() TO ${role} would allow it.`,
    )
  return line(
    'privilege',
    'pass',
    'Privilege',
    `${server.role} ${server.isSuperuser ? 'is a superuser' : 'may run ALTER SYSTEM for these'}`,
  )
}

/** Values that ALTER SYSTEM cannot reach. */
const outranked: PreflightCheck<Facts> = async (_target, { facts: { states, wanted } }) => {
  const fixed = [...wanted.keys()].filter((name) => states.get(name)?.by.fixed)
  if (fixed.length > 0)
    return line(
      'outranked',
      'stop',
      `${formatFirst(fixed)}: set where the server is started`,
      'A value on its command line or in its environment wins over every file, now and after a restart.',
    )
  const own = [...wanted.keys()].flatMap((name) => (states.get(name)?.by.overriddenFor ?? []).map((owner) => `${name} for ${owner}`))
  return own.length > 0
    ? line(
        'own-values',
        'warn',
        'Some sessions keep a value of their own',
        `${formatFirst(own)}, by ALTER ROLE or ALTER DATABASE: they do not see this change.`,
      )
    : ok(null)
}

/** What would keep the server from starting the next time. */
const starts: PreflightCheck<Facts> = async (_target, { facts: { states, wanted }, known }) => {
  const then = (name: string) => Number(wanted.get(name) ?? states.get(name)?.setting ?? 0)
  const reserved = then('superuser_reserved_connections') + then('reserved_connections')
  if ((wanted.has('max_connections') || wanted.has('superuser_reserved_connections')) && reserved >= then('max_connections'))
    return line(
      'start',
      'stop',
      'The server would no longer start',
      `${reserved} reserved connections leave none of ${then('max_connections')}.`,
    )
  const risky = [
    wanted.get('huge_pages') === 'on' && 'huge_pages = on',
    wanted.get('io_method') === 'io_uring' && 'io_method = io_uring',
  ].filter((one) => one !== false)
  if (risky.length > 0)
    return line(
      'start',
      'warn',
      'The server may not start with this',
      `${risky.join(' and ')}: where the system does not give it, the next start fails. Then take the line out of postgresql.auto.conf.`,
    )
  const atRestart = [...wanted.keys()].filter((name) => states.get(name)?.context === 'postmaster')
  return atRestart.length > 0
    ? line(
        'restart',
        'pass',
        'Waits for a restart',
        `${formatFirst(atRestart)}: pending until ${known.embedded ? 'the server is restarted, which its page of the configuration offers' : 'somebody restarts the server. Proctor does not'}.`,
      )
    : ok(null)
}

/** Values that recovery needs: changed on the wrong one first, a standby stops (manual, 26.4.3). */
const standbys: PreflightCheck<Facts> = async (
  _target,
  { server, facts: { states, wanted, standbys: connected } }: CommandFacts<Facts>,
) => {
  const moved = (raised: boolean) =>
    RECOVERY_NEEDS.filter((name) => {
      const [from, to] = [Number(states.get(name)?.setting), wanted.get(name)]
      return to != null && (raised ? Number(to) > from : Number(to) < from)
    })
  const [raised, lowered] = [moved(true), moved(false)]
  if (server.inRecovery && lowered.length > 0)
    return line(
      'standby',
      'warn',
      'This server is a standby',
      `With less of ${formatFirst(lowered)} than its primary it does not start, or pauses. Lower the primary first.`,
    )
  if (server.inRecovery || connected === 0 || raised.length + lowered.length === 0) return ok(null)
  const order = [
    raised.length > 0 && `They need at least as much of ${formatFirst(raised)}: raise it there, and restart them, first.`,
    lowered.length > 0 && `Lower ${formatFirst(lowered)} there only when this server has been restarted with it.`,
  ]
  return line('standby', 'warn', `${connected} standbys or similar clients are connected`, order.filter(Boolean).join(' '))
}

export const SETTINGS_CHECKS = [allowed, privilege, soundForReload, outranked, starts, standbys]
