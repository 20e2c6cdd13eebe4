import { formatAge, formatFirst } from '../../domain/format'
import { grantRole } from '../../server/grants'
import { ok } from '../../server/problem'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'
import type { BackendFacts } from './facts'

type Check = PreflightCheck<BackendFacts>

/** Which backends nobody ends from here, in words; null for one that may be. */
export function guardOf({ facts }: CommandFacts<BackendFacts>): string | null {
  if (facts.own) return "is one of Proctor's own: cancel its run instead"
  if (facts.backend_type === 'walsender') return 'sends WAL to a standby or subscriber: end that from its side, or drop its slot'
  if (facts.leader_pid !== null && facts.backend_type === 'parallel worker')
    return `is a parallel worker: its leader is pid ${facts.leader_pid}`
  if (facts.backend_type !== 'client backend' && facts.backend_type !== 'autovacuum worker')
    return `is a ${facts.backend_type ?? 'process that this role may not see'}, no session of a client`
  return null
}

/** metabase from 10.2.0.31 */
export function formatWhoIs({ application_name: application, usename, client_addr: address, backend_type: type }: BackendFacts): string {
  const who = type === 'autovacuum worker' ? 'autovacuum' : application || usename || 'unknown'
  return address ? `${who} from ${address}` : who
}

/** What it does, and since when. */
export const activity: Check = async (_target, { facts }) => {
  const since = facts.state_seconds === null ? '' : ` for ${formatAge(facts.state_seconds)}`
  const transaction = facts.xact_seconds === null ? '' : `, in a transaction of ${formatAge(facts.xact_seconds)}`
  const waits = facts.wait === null || facts.state !== 'active' ? '' : `, waits for ${facts.wait}`
  const query = facts.query ? `: ${facts.query}` : ''
  return line('activity', 'pass', formatWhoIs(facts), `${facts.state ?? 'at work'}${since}${transaction}${waits}${query}`)
}

/** Whom it holds up, and who of them would go on. */
export const blocks: Check = async (_target, { facts: { pid, blocked } }) => {
  const direct = blocked.filter(({ depth }) => depth === 1)
  if (direct.length === 0) return line('blocks', 'pass', 'It blocks no session', `No session waits for a lock of pid ${pid}.`)
  const behind = blocked.length - direct.length
  const held = direct.filter(({ others }) => others.length > 0)
  const names = formatFirst(
    direct.map(
      ({ pid: waiter, application_name: application, usename, seconds, others }) =>
        `pid ${waiter}, ${application || usename || 'unknown'}${seconds === null ? '' : `, ${formatAge(seconds)}`}${others.length > 0 ? `, waits for ${others.map(formatOther).join(' and ')} too` : ''}`,
    ),
  )
  const frees = direct.length - held.length
  return line(
    'blocks',
    'pass',
    `It blocks ${blocked.length} ${blocked.length === 1 ? 'session' : 'sessions'}${behind > 0 ? `, ${behind} of them behind others` : ''}`,
    `${names}. ${frees === 0 ? 'None of them would be unblocked at once.' : `${frees} would be unblocked at once.`}`,
  )
}

const formatOther = (pid: number): string => (pid === 0 ? 'a prepared transaction' : `pid ${pid}`)

/** A cancel ends a statement; a session that runs none keeps its locks. */
export const statementRuns: Check = async (_target, { facts }) => {
  if (facts.state === 'active' || facts.backend_type === 'autovacuum worker') return ok(null)
  const idle = facts.state?.startsWith('idle in transaction') ?? false
  return line(
    'statement',
    'stop',
    'It runs no statement',
    idle
      ? 'It is idle in a transaction: a cancel changes nothing and its locks stay. Only ending the session frees them.'
      : 'There is nothing to cancel.',
  )
}

/** No run of ours, which a cancel of the run would end: whoever confirmed it is told by another console. */
export const othersRun: Check = async (_target, { facts }) =>
  facts.othersRun
    ? line(
        'others-run',
        'warn',
        'It executes a run of another Proctor console',
        `That console, ${facts.application_name?.split(' of ')[1]}, will report its run as failed. Cancel the run there, if possible.`,
      )
    : ok(null)

/** What a backend's end takes with it. */
export const transactionLost: Check = async (_target, { facts }) =>
  facts.wrote ? line('transaction', 'warn', 'Its transaction has written', 'All its changes are rolled back.') : ok(null)

/** An autovacuum that cannot wait (manual, 24.1.5). */
export const wraparound: Check = async (_target, { facts }) =>
  facts.wraparound
    ? line('wraparound', 'warn', 'It prevents transaction ID wraparound', 'It starts again at once, from the beginning. Let it end.')
    : ok(null)

export const maySignal: Check = async (_target, { server, facts }) => {
  if (facts.may_signal)
    return line('privilege', 'pass', 'Privilege', `${server.role} may signal sessions of ${facts.usename ?? 'autovacuum'}`)
  const fix =
    facts.usename === null
      ? server.major >= 18
        ? `${grantRole('pg_signal_autovacuum_worker', server).join('; ')} would allow it.`
        : 'Only a superuser may signal autovacuum.'
      : facts.superuser
        ? `${facts.usename} is a superuser: only a superuser may.`
        : `${grantRole('pg_signal_backend', server).join('; ')} would allow it.`
  return line('privilege', 'stop', `${server.role} may not do this`, fix)
}
