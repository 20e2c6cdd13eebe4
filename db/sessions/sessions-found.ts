import type { Finding } from '../checks/define-check'
import { terminateBackendRequest } from '../commands/signal/request'
import type { Result } from '../server/problem'
import { ok } from '../server/problem'
import type { Target } from '../server/target'
import { type Activity, readActivity } from './activity'

/** A check on what the sessions do now. */
export const ofActivity =
  (find: (activity: Activity) => Finding[]) =>
  async (target: Target): Promise<Result<Finding[]>> => {
    const activity = await readActivity(target)
    return activity.ok ? ok(find(activity.value)) : activity
  }

/** Who a session is, in a sentence: pid 4121, metabase as report_reader in lms. */
export function formatWho(row: { pid: number; application_name: string | null; usename: string | null; datname: string | null }): string {
  const role = row.usename ? ` as ${row.usename}` : ''
  return `pid ${row.pid}, ${row.application_name || 'no application name'}${role}${row.datname ? ` in ${row.datname}` : ''}`
}

/** What every finding about a session has in common; its end asks for a confirmation. */
export function aboutSession(
  pid: number,
  backendStart: string | null,
): Pick<Finding, 'trust' | 'fix' | 'sql'> & { kind: 'session'; pid: number; backend_start: string } {
  return {
    kind: 'session',
    pid,
    backend_start: backendStart ?? '',
    trust: { kind: 'exact' },
    fix: backendStart === null ? null : terminateBackendRequest({ pid, backendStart }),
    sql: `SELECT pg_terminate_backend(${pid});`,
  }
}

/** The moment so many seconds ago. */
export const sinceSeconds = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
