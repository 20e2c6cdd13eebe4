import type { Check, Finding, PastStatement, SeenRange } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { keyOf, type StatementEntry } from '../../domain/statement-key'
import { ok } from '../../server/problem'
import { compareStatement } from '../compare-statements'
import { nameStatements } from '../statement-names'

const HOUR_MS = 3_600_000
/** The last hour against the day before it: a daily report is in both. */
const RECENT_MS = HOUR_MS
const EARLIER_MS = 24 * HOUR_MS
/** What it costs more within the last hour; less than a second an hour is nobody's trouble. */
const LEAST_EXTRA_MS = 1_000

export const statementSlower: Check = {
  name: 'statement-slower',
  about: 'Statements whose mean time in the last hour is significantly above that of the day before, at a noticeable cost',
  look: async (target, past) => {
    if (!past?.statements) return ok([])
    const now = Date.now()
    const since = new Date(now - RECENT_MS)
    const begin = new Date(now - RECENT_MS - EARLIER_MS)
    const [recent, earlier] = await Promise.all([
      past.statements(target.database, since, new Date(now)),
      past.statements(target.database, begin, since),
    ])
    const seen = { from: since.toISOString(), to: new Date(now).toISOString() }
    return ok(await slower(earlier, recent, { ...seen, against: { from: begin.toISOString(), to: seen.from } }))
  },
}

const entryOf = ({ queryid, userid, dbid, toplevel }: StatementEntry): StatementEntry => ({ queryid, userid, dbid, toplevel })

async function slower(earlier: PastStatement[], recent: PastStatement[], seen: SeenRange): Promise<Finding[]> {
  const before = new Map(earlier.map((one) => [keyOf(one), one]))
  const found = recent
    .flatMap((one) => {
      const then = before.get(keyOf(one))
      const change = then && compareStatement(then, one)
      return change?.kind === 'slower' && change.extra >= LEAST_EXTRA_MS ? [{ one, change }] : []
    })
    .sort((a, b) => b.change.extra - a.change.extra)
  const names = await nameStatements(found.map(({ one }) => one))
  return found.map(({ one, change }) => ({
    kind: 'statement',
    ...entryOf(one),
    seen,
    title: `A ${one.toplevel ? '' : 'nested '}statement of ${one.rolname} got ${(change.factor ?? 0).toFixed(1)} times as slow: ${names.get(keyOf(one))}`,
    evidence: `${ms(change.before.mean)} in ${formatCount(change.before.calls, 'call')} before, ${ms(change.after.mean)} in ${formatCount(change.after.calls, 'call')} within the last hour, ${ms(change.extra)} in all. Threshold: a mean a quarter above that of the day before, with 99.9% confidence by Welch's test, and one second per hour.`,
    trust: { kind: 'exact' },
    severity: 'warn',
    fix: null,
    sql: null,
  }))
}

const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(2)} ms` : value < 10_000 ? `${Math.round(value)} ms` : `${Math.round(value / 1000)} s`
