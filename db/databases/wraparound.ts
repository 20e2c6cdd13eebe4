import type { Check, Finding } from '../checks/define-check'
import { formatAge, formatCount, formatDay, formatPercent } from '../domain/format'
import type { Row } from '../server/define-read'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
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
  look: async (target) => {
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
    const others = oldest.slice(1).filter((one) => counter.age(one) >= warn)
    return ok([finding(row, counter, { others: others.length, pace, held: formatHolders(holders.value), warn, bad })])
  },
})

interface Beside {
  others: number
  pace: IdPace | null
  /** Who holds old rows in the connected database, or on the server; empty: nobody. */
  held: string
  warn: number
  bad: number
}

function finding(row: Ages, { noun, age, freezeAt }: Counter, { others, pace, held, warn, bad }: Beside): Finding {
  const left = Math.max(0, STOP - age(row))
  const more = others > 0 ? ` ${formatCount(others, 'other database')} ${others === 1 ? 'is' : 'are'} beyond the threshold, too.` : ''
  return {
    kind: 'server',
    name: row.datname,
    title: `${row.datname} is ${formatPercent(age(row) / STOP)} of the way to ${noun} ID wraparound`,
    evidence:
      `Its oldest ${noun} ID that is not frozen is ${formatCount(age(row), noun)} old; ${formatCount(left, noun)} are left until the server refuses to ` +
      `give new ones. Threshold: ${formatCount(Math.round(warn), noun)}, where autovacuum begins at ${formatCount(freezeAt(row), noun)}. ${dayOf(left, pace, row.now)}` +
      `${held === '' ? ' Nobody holds old rows in the connected database now: see why autovacuum is behind.' : ` Held by ${held}: VACUUM cannot freeze beyond that.`}${more}`,
    trust: { kind: 'exact' },
    severity: age(row) >= bad ? 'bad' : 'warn',
    fix: null,
    sql: row.datallowconn ? 'VACUUM (FREEZE);' : null,
  }
}

/** When the IDs end at the pace that was seen; without one no day is said. */
export function dayOf(left: number, pace: IdPace | null, now: string): string {
  if (pace === null) return 'When that will be is not known: only one look at the counter, or two within ten minutes.'
  const seen = `by the ${pace.perSecond.toFixed(pace.perSecond < 10 ? 1 : 0)} a second of the last ${formatAge(pace.over)}`
  const days = pace.perSecond > 0 ? left / pace.perSecond / 86_400 : Number.POSITIVE_INFINITY
  if (days > MOST_DAYS) return `That is more than ten years away, ${seen}.`
  return `That would be on ${formatDay(new Date(Date.parse(now) + days * 86_400_000).toISOString())}, ${seen}.`
}
