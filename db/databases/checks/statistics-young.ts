import type { Check } from '../../checks/define-check'
import { formatAge } from '../../domain/format'
import { UNUSED_AFTER_DAYS } from '../../domain/unused-after'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { statisticsWindow } from '../reads/statistics-window'

/** Young while they count for less than so many seconds. */
export const statisticsYoungerThan = (seconds: number): Check => ({
  name: 'statistics-young',
  about: 'The cumulative statistics were reset, or lost in a crash, less than 35 days ago: unused indexes cannot be determined',
  look: async (target) => {
    const read = await runRead(target, statisticsWindow, {})
    if (!read.ok) return read
    const [window] = read.value
    if (!window || window.seconds >= seconds) return ok([])
    const { stats_reset, stats_since } = window
    const how = stats_reset ? 'They were reset then.' : 'The server was created then, or lost them in a crash.'
    return ok([
      {
        kind: 'server',
        name: null,
        title: `Statistics of this database cover only ${formatAge(window.seconds)}`,
        evidence: `${how} Scans, dead rows and times of VACUUM from before are gone; no index is reported as unused before ${formatAge(seconds)}.`,
        trust: { kind: 'exact' },
        severity: 'info',
        since: stats_reset ?? stats_since,
        fix: null,
        sql: null,
      },
    ])
  },
})

export const statisticsYoung = statisticsYoungerThan(UNUSED_AFTER_DAYS * 86_400)
