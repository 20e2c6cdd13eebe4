import type { ConnectionPoint, NewestSample } from '@/db/history/activity'
import type { CounterSums } from '@/db/history/counters'
import type { TimeMark } from '@/db/history/events'
import { bytesShort, duration, exactCount, share } from '../format'
import { ago, appointment, clock } from '../format-time'

/** What the samples say about the last hours. Times in ms since the epoch, widths of a point in seconds. */
export interface Vitals {
  /** The numbers of now; null where nothing was sampled within a day. */
  newest: NewestSample | null
  /** Counters of the minute up to the newest sample. */
  minute: CounterSums
  connections: ConnectionPoint[]
  counters: ({ at: number } & CounterSums)[]
  /** Connections of the last half hour, finer. */
  recent: ConnectionPoint[]
  widths: { hours: number; recent: number }
  /** Of this database, hourly. */
  sizes: { at: number; bytes: number }[]
  /** When sizes were last looked at. */
  sizedAt: number | null
  /** Changed settings, and what parted these hours: restarts, promotions, another cluster. */
  marks: TimeMark[]
  /** Where the lines begin: 6 h and 30 min ago, or later, where the history does. */
  from: number
  recentFrom: number
  /** When the history begins; null while there is none. */
  begin: number | null
  now: number
}

/** One cell of the strip. */
interface Vital {
  label: string
  /** The window of its line. */
  window: string
  value: string
  unit: string
  context: string
  line: (number | null)[]
  /** Marked moments, as shares of the line; none where it spans days. */
  marks: number[]
  warn: boolean
}

const NONE = 'no sample yet'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Sampling looks at least once a minute; what is this old has been missed. */
const STALE_MS = 90_000
/** From here on a transaction is long: pg_stat_activity's watchers agree on minutes, not on how many. */
const LONG_TRANSACTION_S = 300

/** The points of a series at equal steps; a step without one is a gap. */
function spread<P extends { at: number }>(points: P[], from: number, to: number, width: number, value: (point: P) => number | null) {
  const step = width * 1000
  const first = Math.floor(from / step)
  const known = new Map(points.map((point) => [Math.round(point.at / step), value(point)]))
  return Array.from({ length: Math.max(1, Math.floor(to / step) - first + 1) }, (_, at) => known.get(first + at) ?? null)
}

/** Six numbers with their trend. */
export function vitalsOf(vitals: Vitals): Vital[] {
  const { newest, minute, connections, counters, recent, widths, sizes, marks, from, recentFrom, now } = vitals
  const usable = newest ? newest.max_connections - newest.reserved : 0
  const counted = minute.seconds > 0
  const hours = <P extends { at: number }>(points: P[], value: (point: P) => number | null) =>
    spread(points, from, now, widths.hours, value)
  const rate = (value: (point: CounterSums) => number) => (point: CounterSums) => (point.seconds > 0 ? value(point) / point.seconds : null)
  const transactions = rate(({ xact_commit, xact_rollback }) => xact_commit + xact_rollback)
  const wal = rate(({ wal_bytes }) => wal_bytes)
  const total = (value: (point: CounterSums) => number) => counters.reduce((sum, point) => sum + value(point), 0)
  const peak = Math.max(newest?.total ?? 0, ...connections.map((point) => point.peak))
  const oldest = newest?.oldest_transaction ?? null
  const windowOf = (since: number) => duration(Math.max(1, Math.round((now - since) / MINUTE_MS)) * MINUTE_MS)
  // A size is known by its hour, which may have begun before the history did.
  const sizedFrom = Math.max(sizes[0]?.at ?? now, vitals.begin ?? 0)
  const marked = (since: number) => [
    ...new Set(marks.flatMap(({ at }) => (at >= since && at <= now ? [(at - since) / (now - since)] : []))),
  ]
  return [
    {
      label: 'Connections',
      window: windowOf(from),
      value: newest ? exactCount(newest.total) : 'n/a',
      unit: newest ? `of ${exactCount(usable)}` : '',
      context: newest ? `peak ${exactCount(peak)}, idle in tx ${exactCount(newest.idle_in_transaction)}` : NONE,
      line: hours(connections, (point) => point.total),
      marks: marked(from),
      warn: newest !== null && peak > 0.85 * usable,
    },
    {
      label: 'Transactions',
      window: windowOf(from),
      value: counted ? perSecond(transactions(minute)) : 'n/a',
      unit: counted ? 'per s' : '',
      context: counted
        ? `${share(
            ratioOf(
              total(({ xact_rollback }) => xact_rollback),
              total((p) => p.xact_commit + p.xact_rollback),
            ),
          )} rolled back`
        : NONE,
      line: hours(counters, transactions),
      marks: marked(from),
      warn: false,
    },
    {
      label: 'Cache hit',
      window: windowOf(from),
      value: counted ? shareOr(hitOf(minute), 'no reads') : 'n/a',
      unit: '',
      context: counted ? lowestHit(counters, now) : NONE,
      line: hours(counters, hitOf),
      marks: marked(from),
      warn: false,
    },
    {
      label: 'Database size',
      window: sizes[0] ? windowOf(sizedFrom) : '30 d',
      ...sized(sizes.at(-1)?.bytes),
      context: growthWords(vitals),
      line: spread(sizes, sizes[0]?.at ?? now, sizes.at(-1)?.at ?? now, 3600, ({ bytes }) => bytes),
      marks: [],
      warn: false,
    },
    {
      label: 'Oldest transaction',
      window: windowOf(recentFrom),
      ...split(newest === null ? 'n/a' : oldest === null ? 'none' : oldest < 1 ? '< 1 s' : duration(oldest * 1000)),
      context: recent.length === 0 ? NONE : `longest ${longest(recent)}`,
      line: spread(recent, recentFrom, now, widths.recent, ({ oldest_transaction }) => oldest_transaction ?? 0),
      marks: marked(recentFrom),
      warn: oldest !== null && oldest >= LONG_TRANSACTION_S,
    },
    {
      label: 'WAL',
      window: windowOf(from),
      ...(counted ? sized(wal(minute), ' per s') : { value: 'n/a', unit: '' }),
      context: counted ? `${bytesShort(total(({ wal_bytes }) => wal_bytes))} in all` : NONE,
      line: hours(counters, wal),
      marks: marked(from),
      warn: false,
    },
  ]
}

/** +31 MB, sampled 12 min ago: within the window of the line. Samples are an hour apart: with one there is no growth to tell. */
function growthWords({ sizes, sizedAt, now }: Vitals): string {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (!first || !last) return NONE
  if (first === last && now - first.at < HOUR_MS) return `sampled ${ago(sizedAt ?? first.at, now)}`
  const grown = last.bytes - first.bytes
  return `${grown < 0 ? '−' : '+'}${bytesShort(Math.abs(grown))}, sampled ${ago(sizedAt ?? last.at, now)}`
}

/** When the numbers are of, and whether that is too long ago. */
export function sampledWords({ newest, now }: Pick<Vitals, 'newest' | 'now'>): { words: string; stale: boolean } {
  if (newest === null) return { words: 'No samples within the last day.', stale: true }
  // What lies ahead of the clock is from before it was set back.
  const stale = Math.abs(now - newest.at) > STALE_MS
  const when = stale ? `Not sampled since ${appointment(newest.at, 'UTC', now)} UTC` : `Sampled ${clock(newest.at)} UTC`
  return { words: `${when}; Proctor's own sessions are left out.`, stale }
}

const shareOr = (ratio: number | null, otherwise: string): string => (ratio === null ? otherwise : share(ratio))
const ratioOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
const hitOf = ({ blks_hit, blks_read }: CounterSums): number | null => ratioOf(blks_hit, blks_hit + blks_read)

function lowestHit(points: ({ at: number } & CounterSums)[], now: number): string {
  const known = points.flatMap((point) => {
    const hit = hitOf(point)
    return hit === null ? [] : [{ at: point.at, hit }]
  })
  const lowest = known.sort((a, b) => a.hit - b.hit)[0]
  return lowest ? `lowest ${share(lowest.hit)}, ${ago(lowest.at, now)}` : 'nothing was read'
}

function longest(points: ConnectionPoint[]): string {
  const most = Math.max(0, ...points.map(({ oldest_transaction }) => oldest_transaction ?? 0))
  return duration(most * 1000)
}

const perSecond = (value: number | null): string =>
  value === null ? 'n/a' : value >= 10 ? exactCount(Math.round(value)) : value.toFixed(1)

const sized = (bytes: number | null | undefined, per = ''): { value: string; unit: string } => {
  if (bytes === null || bytes === undefined) return { value: 'n/a', unit: '' }
  const [value = '', unit = ''] = bytesShort(Math.round(bytes)).split(' ')
  return { value, unit: `${unit}${per}` }
}

/** 14 min → 14, min: the number is set large. */
const split = (words: string): { value: string; unit: string } => {
  const [, value = words, unit = ''] = /^((?:< )?\S+) (.*)$/.exec(words) ?? []
  return { value, unit }
}

/** What is marked on the lines, in words: 14:02 work_mem: 4MB → 16MB. The newest first. */
export const markWords = ({ marks }: Vitals): string[] => marks.map(({ at, label }) => `${clock(at).slice(0, 5)} ${label}`).reverse()
