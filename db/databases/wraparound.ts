import type { Check, Finding, Past } from '../checks/define-check'
import { type DailyValue, daysUntil, forecast, type Trend } from '../domain/forecast'
import { formatAge, formatCount, formatDay, formatPercent } from '../domain/format'
import type { Row } from '../server/define-read'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { readHolders } from '../tables/read-holders'
import { formatHolders } from '../tables/snapshot-holders'
import { IdLooks, type IdPace } from './id-pace'
import { databaseAges } from './reads/database-ages'

type Ages = Row<typeof databaseAges>

/** One of the two counters of 32 bits that VACUUM keeps from running into itself. */
export interface Counter {
  check: string
  noun: string
  age: (row: Ages) => number
  next: (row: Ages) => bigint
  freezeAt: (row: Ages) => number
  failsafe: (row: Ages) => number
  /** On each day that was sampled. */
  daily: (past: Past | undefined) => Promise<DailyValue[] | undefined>
  /** What else the evidence says. */
  beside?: (target: Target) => Promise<string>
}

/** Half of 32 bits less the 3 million IDs at which the server refuses to give more (SetTransactionIdLimit in varsup.c, SetMultiXactIdLimit in multixact.c). */
const STOP = 2 ** 31 - 3_000_000
/** A later day is no help to anybody. */
const MOST_DAYS = 3_650

/**
 * Autovacuum begins with a table at its freeze_max_age, so an age of a little more is everyday. Warned of is twice that, or four fifths of the
 * age at which VACUUM drops its delays (failsafe; the same marks as postgres_ai's); bad is the failsafe itself. VACUUM takes the failsafe as at least
 * 105% of freeze_max_age (manual, 19.10.1).
 */
export function limitsOf(freezeAt: number, failsafe: number): { warn: number; bad: number } {
  const bad = Math.max(failsafe, 1.05 * freezeAt)
  return { warn: Math.max(1.05 * freezeAt, Math.min(2 * freezeAt, 0.8 * bad)), bad }
}

/** One finding for the oldest database: the counter is that of the whole server. `looks`: what is known from earlier ones, for the day. */
export const wraparoundCheck = (name: string, about: string, counter: Counter, looks = new IdLooks()): Check => ({
  name,
  about,
  cadence: 'hour',
  scope: 'server',
  look: async (target, past) => {
    const read = await runRead(target, databaseAges, {})
    if (!read.ok) return read
    const oldest = read.value.toSorted((a, b) => counter.age(b) - counter.age(a))
    const [row] = oldest
    if (!row) return ok([])
    const pace = looks.pace(`${target.serverId} ${counter.check}`, Date.parse(row.now), counter.next(row))
    const { warn, bad } = limitsOf(counter.freezeAt(row), counter.failsafe(row))
    if (counter.age(row) < warn) return ok([])
    const holders = await readHolders(target)
    if (!holders.ok) return holders
    const left = Math.max(0, STOP - counter.age(row))
    const day = dayByDays(left, (await counter.daily(past)) ?? [], row.now) ?? dayOf(left, pace, row.now)
    const beside = (await counter.beside?.(target)) ?? ''
    const others = oldest.slice(1).filter((one) => counter.age(one) >= warn)
    return ok([finding(row, counter, { others: others.length, day: day + beside, held: formatHolders(holders.value), warn, bad })])
  },
})

interface Beside {
  others: number
  /** When that will be, as a sentence. */
  day: string
  /** Who holds old rows in the connected database, or on the server; empty: nobody. */
  held: string
  warn: number
  bad: number
}

function finding(row: Ages, { noun, age, freezeAt }: Counter, { others, day, held, warn, bad }: Beside): Finding {
  const left = Math.max(0, STOP - age(row))
  const more = others > 0 ? ` ${formatCount(others, 'other database')} ${others === 1 ? 'is' : 'are'} beyond the threshold, too.` : ''
  return {
    kind: 'server',
    name: row.datname,
    title: `${row.datname} is ${formatPercent(age(row) / STOP)} of the way to ${noun} ID wraparound`,
    evidence:
      `Its oldest ${noun} ID that is not frozen is ${formatCount(age(row), noun)} old; ${formatCount(left, noun)} are left until the server refuses to ` +
      `give new ones. Threshold: ${formatCount(Math.round(warn), noun)}, where autovacuum begins at ${formatCount(freezeAt(row), noun)}. ${day}` +
      `${held === '' ? ' Nobody holds old rows in the connected database now: see why autovacuum is behind.' : ` Held by ${held}: VACUUM cannot freeze beyond that.`}${more}`,
    trust: { kind: 'exact' },
    severity: age(row) >= bad ? 'bad' : 'warn',
    fix: null,
    sql: row.datallowconn ? 'VACUUM (FREEZE);' : null,
  }
}

/**
 * When the IDs end by the days that were sampled; as if no VACUUM froze any until then. With 14 days or more at their robust rate, with its
 * 80 % band; with less, but two, at the mean of these. null: fewer, or the counter began anew among them.
 */
export function dayByDays(left: number, values: readonly DailyValue[], now: string): string | null {
  const [first, last] = [values[0], values.at(-1)]
  if (!first || !last || last.day === first.day || last.value < first.value) return null
  const told = forecast(values)
  if (told.kind === 'trend' && told.trend.slope > 0) return byTrend(left, told.trend, now)
  const over = (last.day - first.day) * 86_400
  return dayOf(left, { perSecond: (last.value - first.value) / over, over }, now)
}

function byTrend(left: number, trend: Trend, now: string): string {
  const { median, early, late } = daysUntil(trend, trend.from.value + left)
  const seen = `by ${formatCount(Math.round(trend.slope), 'ID')} a day over ${trend.days} days`
  const day = (days: number) => formatDay(new Date(Date.parse(now) + days * 86_400_000).toISOString())
  if (median === null || median > MOST_DAYS) return `That is more than ten years away, ${seen}.`
  const until = late === null || late > MOST_DAYS ? 'more than ten years from now' : day(late)
  return `Without a VACUUM that freezes until then it would be around ${day(median)} (80% band ${day(early ?? median)} to ${until}), ${seen}.`
}

/** When the IDs end at the pace that was seen; without one no day is said. */
export function dayOf(left: number, pace: IdPace | null, now: string): string {
  if (pace === null) return 'When that will be is not known: only one look at the counter, or two within ten minutes.'
  const seen = `by the ${pace.perSecond.toFixed(pace.perSecond < 10 ? 1 : 0)} a second of the last ${formatAge(pace.over)}`
  const days = pace.perSecond > 0 ? left / pace.perSecond / 86_400 : Number.POSITIVE_INFINITY
  if (days > MOST_DAYS) return `That is more than ten years away, ${seen}.`
  return `That would be on ${formatDay(new Date(Date.parse(now) + days * 86_400_000).toISOString())}, ${seen}.`
}
