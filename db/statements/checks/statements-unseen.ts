import type { Check } from '../../checks/define-check'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { statementSettings, statementsInfo } from '../reads/statements'
import { statementNotices } from '../statements-seen'

/** Throwing entries out once a day is what a server with many kinds of statements does; hourly, whole hours go missing. */
const EVICTIONS_AN_HOUR = 1

export const statementsUnseen: Check = {
  name: 'statements-unseen',
  about: 'Whether pg_stat_statements is there, counts, shows all of it to this role, and has room for what it counts',
  look: async (target) => {
    const [settings, info] = await Promise.all([runRead(target, statementSettings, {}), runRead(target, statementsInfo, {})])
    if (!settings.ok) return settings
    const [known] = settings.value
    if (!known) return ok([])
    const [counts] = info.ok ? info.value : []
    const seconds = counts ? Math.max(1, (Date.now() - Date.parse(counts.stats_reset)) / 1000) : 0
    const times = Number(counts?.dealloc ?? 0)
    const often = times / Math.max(1, seconds / 3600) >= EVICTIONS_AN_HOUR
    return ok(
      statementNotices(known, { evictions: often ? { times, seconds } : null, hidden: 0 })
        .filter(({ weight }) => weight !== 'info')
        .map(({ text, fix, weight }) => ({
          kind: 'server',
          name: 'pg_stat_statements',
          title: text.split(/(?<=[.:])\s/)[0]?.replace(/[.:]$/, '') ?? text,
          evidence: text,
          trust: { kind: 'exact' },
          severity: weight === 'none' ? 'warn' : 'info',
          fix: null,
          sql: fix,
        })),
    )
  },
}
