import { z } from 'zod'
import { formatAge, formatFirst } from '../../domain/format'
import { defineRead } from '../../server/define-read'
import { grantRole, seesAs } from '../../server/grants'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { formatWho, type SessionRow, tableSessions } from './sessions'

/** Younger ones are likely gone before the run would reach them. */
const YOUNG_SECONDS = 2
/** VACUUM waits for nobody; a snapshot of this age keeps dead rows of worth from it. */
const HORIZON_SECONDS = 60

/** Whether xact_start of other roles' sessions is visible (manual, 28.2.3: pg_read_all_stats). */
const sessionsVisible = defineRead({
  name: 'sessions-visible',
  about: 'Whether this role sees the sessions of others',
  params: z.object({}),
  row: z.object({ visible: z.boolean() }),
  sql: /* sql */ `
select /* proctor:sessions-visible */ ${seesAs("'pg_read_all_stats'")} as visible`,
})

/**
 * CONCURRENTLY waits for transactions of this database that hold a snapshot, whatever they read, and for those that
 * hold a lock on the table; VACUUM waits for none, but leaves what they may still see.
 */
export const longTransactions: PreflightCheck<RelationFacts> = async (target, { object, server, facts }, plan) => {
  const visible = await runRead(target, sessionsVisible, {})
  if (!visible.ok) return visible
  const sessions = await runRead(target, tableSessions, { relid: object.relid })
  if (!sessions.ok) return sessions
  const waits = plan.form === 'concurrently'
  const olderThan = waits ? YOUNG_SECONDS : HORIZON_SECONDS
  const old = sessions.value.filter((session) => isOld(session, olderThan, waits))
  const [oldest] = old
  if (oldest) {
    const age = oldest.xact_seconds === null ? '' : `, ${formatAge(oldest.xact_seconds)} old`
    const effect = waits
      ? `The run waits until each of them ends${plan.twoCopies ? ', with both copies on disk' : ''}.`
      : `Rows of ${facts.table_name} that died since stay until they end.`
    return ok({
      name: 'long-transaction',
      status: 'warn',
      title: old.length === 1 ? `Open transaction${age}` : `${old.length} open transactions, the oldest${age.slice(1)}`,
      detail: `${formatFirst(old.map(formatWho))}. ${effect}`,
    })
  }
  if (!visible.value[0]?.visible) {
    return ok({
      name: 'long-transaction',
      status: 'warn',
      title: 'Transactions of other roles cannot be seen',
      detail: `${grantRole('pg_read_all_stats', server).join('; ')} would show what this would wait for.`,
    })
  }
  return ok({
    name: 'long-transaction',
    status: 'pass',
    title: 'No long transactions',
    detail: waits ? 'No open transaction that this would wait for.' : 'No old snapshot keeps dead rows.',
  })
}

const isOld = ({ pid, snapshot, holds, xact_seconds: age, backend_type: type }: SessionRow, olderThan: number, waits: boolean): boolean =>
  pid !== null && type !== 'autovacuum worker' && (snapshot || (waits && holds !== null)) && (age ?? 0) >= olderThan
