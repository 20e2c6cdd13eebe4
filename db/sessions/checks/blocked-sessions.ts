import type { Check, Finding } from '../../checks/define-check'
import { formatAge, formatCount } from '../../domain/format'
import { remedyFor } from '../root-blocker'
import { formatWho, ofActivity, sinceSeconds } from '../sessions-found'

/** Ten times deadlock_timeout as it comes: what waits longer than that once is what log_lock_waits logs (manual, 19.8 and 19.12). */
const WARN_SECONDS = 10
const BAD_SECONDS = 60

/**
 * One finding for each session or prepared transaction at the root of a chain of waits, with what its end releases. Whoever only
 * waits is in no finding: ended, it loses its work, and the next in the queue waits on.
 */
export const blockedSessionsAfter = (seconds: number): Check => ({
  name: 'blocked-sessions',
  about: 'Sessions that have waited more than ten seconds for a lock, by blocker',
  cadence: 'minute',
  scope: 'server',
  look: ofActivity(({ sessions, trees }) =>
    trees
      .filter(({ longestWait }) => longestWait >= seconds)
      .map((root): Finding => {
        const row = sessions.find(({ pid }) => pid === root.pid)
        const { words, fix, sql } = remedyFor(root, row)
        const who = row ? `${formatWho(row)}, ${words}` : words
        const isCircle = root.awaits !== null
        const releases = isCircle
          ? ''
          : ` Ending it unblocks ${formatCount(root.releases, 'session')} now${root.all > root.releases ? `, ${root.all - root.releases} later` : ''}.`
        const said = {
          evidence: `Longest wait ${formatAge(root.longestWait)} (threshold ${formatAge(seconds)}). Root blocker: ${who}.${releases}`,
          severity: root.longestWait >= BAD_SECONDS ? 'bad' : 'warn',
          since: sinceSeconds(root.longestWait),
          trust: { kind: 'exact' },
          fix,
          sql,
        } as const
        if (root.pid === 0)
          return {
            ...said,
            kind: 'server',
            name: root.gid,
            title: `Prepared transaction ${root.gid ?? ''} blocks ${formatCount(root.all, 'session')}`,
          }
        return {
          ...said,
          kind: 'session',
          pid: root.pid,
          backend_start: row?.backend_start ?? '',
          title: isCircle
            ? `pid ${root.pid} and ${formatCount(root.all, 'other session')} wait for each other`
            : `pid ${root.pid} blocks ${formatCount(root.all, 'session')}`,
        }
      }),
  ),
})

export const blockedSessions = blockedSessionsAfter(WARN_SECONDS)
