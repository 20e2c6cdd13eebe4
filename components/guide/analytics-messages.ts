import type { AnalyticsModel, AnalyticsView, ViewState } from '@/db/guide/analytics'
import type { CacheKind } from '@/db/guide/cache-verdict'
import type { TableMonths } from '@/db/guide/table-months'
import { duration, numberWord, plural } from '../format'
import type { BadgeTone } from '../ui/badge'

export const STATE: Record<ViewState, { word: string; tone: BadgeTone; why: string }> = {
  fresh: { word: 'Fresh', tone: 'ok', why: 'Not older than the policy allows.' },
  stale: { word: 'Stale', tone: 'warn', why: 'Older than the policy allows.' },
  unruled: { word: 'No policy', tone: 'plain', why: 'No active policy refreshes the views of this database.' },
  unknown: { word: 'Age unknown', tone: 'warn', why: 'PostgreSQL keeps no time of a refresh, and no run of Proctor has refreshed it.' },
  blocks: {
    word: 'Blocks',
    tone: 'bad',
    why: 'No unique index on plain columns: a refresh takes AccessExclusiveLock, and all reads wait for it.',
  },
  empty: { word: 'Not populated', tone: 'bad', why: 'Reading it is an error (55000) until it is refreshed.' },
}

const BAD: readonly ViewState[] = ['stale', 'empty', 'unknown']

/** Those that a refresh puts right without blocking readers, or that nobody can read yet. */
export const toRefresh = (views: AnalyticsView[]): AnalyticsView[] =>
  views.filter(({ state, mayMaintain, skipped }) => BAD.includes(state) && mayMaintain && skipped === null)

/** 2 of 5 materialized views are stale, 1 blocks its readers. */
export function analyticsTitle({ views, offered }: AnalyticsModel): string {
  if (views.length === 0)
    return offered.length === 0
      ? 'No materialized view reads the tables of the guide.'
      : `None of the guide’s ${offered.length} materialized views exists.`
  const of = (...states: ViewState[]) => views.filter(({ state }) => states.includes(state)).length
  const all = `${of('stale')} of ${plural(views.length, 'materialized view', 'materialized views')}`
  const parts = [
    of('stale') > 0 ? `${all} ${of('stale') === 1 ? 'is' : 'are'} stale` : '',
    of('empty') > 0 ? `${of('empty')} ${of('empty') === 1 ? 'is' : 'are'} not populated` : '',
    of('blocks') > 0 ? `${of('blocks')} ${of('blocks') === 1 ? 'blocks its' : 'block their'} readers` : '',
    of('unknown') > 0 ? `the age of ${of('unknown')} of ${plural(views.length, 'materialized view', 'materialized views')} is unknown` : '',
  ].filter(Boolean)
  if (parts.length > 0) {
    const said = parts.join(', ')
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
  }
  return of('unruled') === views.length
    ? `No policy refreshes the ${plural(views.length, 'materialized view', 'materialized views')}.`
    : `All ${plural(views.length, 'materialized view', 'materialized views')} are fresh.`
}

/** Which of the five queries a cache pays for, and which tables have partitions. */
export function analyticsEvidence({ cache, tables }: AnalyticsModel): string {
  const pays = cache.rows.filter(({ counted }) => counted && counted.verdict.kind !== 'nothing').length
  const of =
    cache.withheld === null
      ? `A cache pays for ${pays === 0 ? 'none' : numberWord(pays)} of the five queries.`
      : 'Whether a cache pays is not known yet.'
  const partitioned = tables.filter((table) => table.partitioned).map(({ relname }) => relname)
  return `${of} ${partitioned.length === 0 ? 'No table is partitioned by time.' : `Partitioned by time: ${partitioned.join(', ')}.`}`
}

export const VERDICT: Record<CacheKind, { word: string; tone: BadgeTone }> = {
  view: { word: 'Materialized view', tone: 'run' },
  application: { word: 'Application cache', tone: 'ok' },
  nothing: { word: 'Does not pay', tone: 'plain' },
}

/** 15 min; exact */
export const mayBeOld = (minutes: number): string =>
  minutes === 0 ? 'exact' : minutes >= 1440 ? `${Math.round(minutes / 1440)} d` : `${minutes} min`

/** −1.1 s, 98 s */
export const savedTime = (ms: number): string => (ms < 0 ? `−${duration(-ms)}` : duration(ms))

/** 0.2, < 0.1, 12 */
export const ratio = (value: number | null): string =>
  value === null ? '–' : value > 0 && value < 0.1 ? '< 0.1' : value < 10 ? value.toFixed(1) : String(Math.round(value))

/** What is known of the month that comes, and what happens without a partition for it. */
export function nextMonthWords({ nextExists, defaultRows }: TableMonths): { word: string; bad: boolean } {
  if (nextExists) return { word: 'exists', bad: false }
  return defaultRows === null
    ? { word: 'missing, and there is no default partition: INSERT of its rows fails', bad: true }
    : { word: 'missing: its rows go to the default partition', bad: true }
}
