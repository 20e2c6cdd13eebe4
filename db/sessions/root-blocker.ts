import type { Finding } from '../checks/define-check'
import { cancelBackendRequest, terminateBackendRequest } from '../commands/signal/request'
import { literal } from '../server/identifiers'
import type { BlockingNode } from './blocking'
import type { SessionRow } from './reads/sessions'

type Remedy = Pick<Finding, 'fix' | 'sql'> & {
  /** What the root is and does, and what is to be done where no button helps. */
  words: string
}

/** A session that only waits for another's lock: whoever holds that is the remedy, never this one. */
export const onlyWaits = (row: Pick<SessionRow, 'wait_event_type' | 'blocked_by'>): boolean =>
  row.wait_event_type === 'Lock' || (row.blocked_by?.length ?? 0) > 0

/** Whom a session waits for, in words; null: for no lock. */
export function formatBlockers(row: Pick<SessionRow, 'wait_event_type' | 'blocked_by'>): string | null {
  if (!onlyWaits(row)) return null
  const names = (row.blocked_by ?? []).map(({ pid, gid }) => (pid === 0 ? `prepared transaction ${gid ?? ''}` : `pid ${pid}`))
  return names.length === 0 ? "another session's lock" : names.join(' and ')
}

/** What lets go of what a root blocker holds; none where the server does it by itself, or where an end brings it back. */
export function remedyFor(root: BlockingNode, row: SessionRow | undefined): Remedy {
  const none = { fix: null, sql: null }
  if (root.pid === 0)
    return {
      fix: null,
      sql: root.gid === null ? null : `ROLLBACK PREPARED ${literal(root.gid)};`,
      words: 'a prepared transaction, which has no session: end it by COMMIT PREPARED or ROLLBACK PREPARED in its database',
    }
  if (!row)
    return { ...none, words: 'a process of the server itself, such as recovery on a standby: it releases the lock when it has replayed' }
  const type = row.backend_type
  if (row.own) return { ...none, words: "a run of Proctor's own: cancel the run" }
  if (root.awaits !== null || onlyWaits(row))
    return { ...none, words: 'they wait for each other in a circle, which the server ends after deadlock_timeout' }
  if (type === 'autovacuum worker')
    return row.query === null || row.query.includes('(to prevent wraparound)')
      ? {
          ...none,
          words:
            'an autovacuum that prevents transaction ID wraparound: it is not cancelled for others, and starts again when it is ended. Let it finish',
        }
      : { ...cancelOf(row), words: 'an autovacuum, which is cancelled by itself once a session has waited for deadlock_timeout' }
  if (row.wait_event === 'SyncRep')
    return { ...none, words: 'committed here, and waiting for a synchronous standby: look at the standby, or at synchronous_standby_names' }
  if (type !== null && type !== 'client backend')
    return { ...none, words: `a ${type}, no session of a client: ended, it would be started again` }
  return { ...endOf(row), words: row.state ?? 'at work' }
}

function endOf({ pid, backend_start: backendStart }: SessionRow): Pick<Finding, 'fix' | 'sql'> {
  return {
    fix: backendStart === null ? null : terminateBackendRequest({ pid, backendStart }),
    sql: `SELECT pg_terminate_backend(${pid});`,
  }
}

function cancelOf({ pid, backend_start: backendStart }: SessionRow): Pick<Finding, 'fix' | 'sql'> {
  return {
    fix: backendStart === null ? null : cancelBackendRequest({ pid, backendStart }),
    sql: `SELECT pg_cancel_backend(${pid});`,
  }
}
