import { formatAge, formatFirst } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { shutsOut } from '../work'
import { formatWho, type SessionRow, tableSessions } from './sessions'

/** From here on a lock keeps VACUUM, ANALYZE, REINDEX CONCURRENTLY and DDL out (manual, table 13.2). */
const MAINTENANCE = new Set(['ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'])

/** Another VACUUM (autovacuum too), CREATE INDEX, REINDEX or DDL on the same table, running or waiting. */
export const otherWork: PreflightCheck<RelationFacts> = async (target, { object, facts }) => {
  const sessions = await runRead(target, tableSessions, { relid: object.relid })
  if (!sessions.ok) return sessions
  const busy = sessions.value.filter(({ holds, awaits }) => MAINTENANCE.has(holds ?? '') || MAINTENANCE.has(awaits ?? ''))
  if (busy.length === 0) {
    return ok({
      name: 'lock-holder',
      status: 'pass',
      title: 'No conflicting locks on the table',
      detail: `No VACUUM or DDL on ${facts.table_name}`,
    })
  }
  const autovacuum = busy.every(({ backend_type: type }) => type === 'autovacuum worker')
  return ok({
    name: 'lock-holder',
    status: 'warn',
    title: autovacuum
      ? 'Autovacuum works on the table'
      : busy.some(({ holds }) => MAINTENANCE.has(holds ?? ''))
        ? 'Another session locks the table'
        : 'Another session waits for the table',
    detail: `${formatFirst(busy.map(describe))}. ${
      autovacuum ? 'It is cancelled after deadlock_timeout, unless it prevents wraparound.' : 'The run waits for it.'
    }`,
  })
}

const describe = (session: SessionRow): string => {
  const { holds, awaits } = session
  const lock = MAINTENANCE.has(holds ?? '') ? `holds ${holds}` : `waits for ${awaits}`
  return `${formatWho(session)}, ${lock}`
}

/** Who would be in the way of an AccessExclusiveLock and wait behind it, and who waits at this moment. */
export const tableInUse: PreflightCheck<RelationFacts> = async (target, { object, facts }, plan) => {
  if (!shutsOut(plan)) return ok(null)
  const sessions = await runRead(target, tableSessions, { relid: object.relid })
  if (!sessions.ok) return sessions
  const users = sessions.value.filter(({ holds }) => holds !== null && !MAINTENANCE.has(holds))
  const waiting = sessions.value.filter(({ awaits }) => awaits !== null)
  if (users.length + waiting.length === 0) {
    return ok({
      name: 'lock-user',
      status: 'pass',
      title: 'No session uses the table now',
      detail: `No transaction holds a lock on ${facts.table_name}`,
    })
  }
  const oldest = Math.max(...users.map(({ xact_seconds: age }) => age ?? 0))
  return ok({
    name: 'lock-user',
    status: 'warn',
    title: [
      users.length > 0 && (users.length === 1 ? 'A session uses the table' : `${users.length} sessions use the table`),
      waiting.length > 0 && `${waiting.length} ${waiting.length === 1 ? 'session waits' : 'sessions wait'} for it`,
    ]
      .filter(Boolean)
      .join(', '),
    detail: [
      users.length > 0 && `${formatFirst(users.map(formatWho))}.`,
      waiting.length > 0 && `Blocked now: ${formatFirst(waiting.map((session) => `${formatWho(session)}, waits for ${session.awaits}`))}.`,
      users.length > 0 && `A try ends after 2 s of waiting for them; the oldest transaction is ${formatAge(oldest)} old.`,
    ]
      .filter(Boolean)
      .join(' '),
  })
}
