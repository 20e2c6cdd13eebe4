import type { RunBlocker } from '@/db/console/run-types'

/**
 * SQL that lets go what a blocker holds, to be run in another session: pg_cancel_backend where it is at a statement, else
 * pg_terminate_backend (manual, 9.28.2). It does nothing once the pid is another session's. Null for what is no session.
 */
export function endSession({ pid, backendStart, state }: RunBlocker): { label: string; sql: string } | null {
  if (pid <= 0 || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(backendStart)) return null
  const active = state === 'active'
  const call = active ? 'pg_cancel_backend(pid)' : 'pg_terminate_backend(pid)'
  return {
    label: `Copy SQL to ${active ? 'cancel' : 'end'} pid ${pid}`,
    sql: `SELECT ${call} FROM pg_stat_activity WHERE pid = ${pid} AND backend_start = '${backendStart}';`,
  }
}
