import type { Patience, Plan } from './define-command'

/** What may be chosen, in minutes; 0: given up at the first try. */
const MINUTES = [0, 1, 5, 30, 120, 480]

/**
 * How long a plan may wait for others, by the lock_timeout that its session sets (sql.ts). Without one a single try waits
 * until the run is given up. With one a try ends soon and changes nothing, so that the run may try again; where each try
 * makes readers queue for a moment, it does so for a shorter time. Null for what waits for nobody.
 */
export function patienceOf({ statements, locks }: Pick<Plan, 'statements' | 'locks'>): Patience | null {
  const setting = statements.find((statement) => statement.startsWith('SET lock_timeout = '))
  if (!setting) return null
  const retries = setting !== 'SET lock_timeout = 0'
  const shutsOut = locks.some(({ mode }) => mode === 'AccessExclusiveLock')
  return { minutes: retries && shutsOut ? 5 : 30, choices: retries ? MINUTES : MINUTES.slice(1), retries }
}
