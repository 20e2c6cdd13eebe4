import type { Check, Finding } from './define-check'
import { sayAge, sayCount } from './say'
import { aboutSession, ofActivity, sayWho, sinceSeconds } from './sessions-found'

/** Ten times deadlock_timeout as it comes: what waits longer than that once is what log_lock_waits logs (manual, 19.8 and 19.12). */
const WARN_SECONDS = 10
const BAD_SECONDS = 60

/** One finding for each session or prepared transaction at the root of a chain of waits. */
export const blockedSessionsAfter = (seconds: number): Check => ({
  name: 'blocked-sessions',
  about: 'Sessions that have waited for more than ten seconds for a lock, by who holds it',
  look: ofActivity(({ sessions, trees }) =>
    trees
      .filter(({ longestWait }) => longestWait >= seconds)
      .map((root): Finding => {
        const row = sessions.find(({ pid }) => pid === root.pid)
        const said = {
          evidence: `Waiting: ${sayAge(seconds)} or more; here the longest for ${sayAge(root.longestWait)}. ${row ? `The root is ${sayWho(row)}, ${row.state ?? 'at work'}` : 'The root is a prepared transaction'}; if it ended, ${root.releases} would go on at once.`,
          severity: root.longestWait >= BAD_SECONDS ? 'bad' : 'warn',
          since: sinceSeconds(root.longestWait),
        } as const
        if (root.pid === 0) {
          const title = `Prepared transaction ${root.gid ?? ''} holds up ${sayCount(root.all, 'session')}`
          return { ...said, kind: 'server', name: root.gid, title, trust: { kind: 'exact' }, mend: null, sql: null }
        }
        return {
          ...said,
          ...aboutSession(root.pid, row?.backend_start ?? null),
          title: `pid ${root.pid} holds up ${sayCount(root.all, 'session')}`,
        }
      }),
  ),
})

export const blockedSessions = blockedSessionsAfter(WARN_SECONDS)
