import type { QueryList } from '@/db/history/statement-list'
import { duration, numberWord, percent } from '../format'

/** From here on one statement is worth the page's first sentence. */
const STANDS_OUT = 0.2

/** The one sentence that answers "must I act?". */
export function queriesTitle(list: QueryList): string {
  if (list.notices.some(({ weight }) => weight === 'none') && list.rows.length === 0) return 'Statements are not counted on this server.'
  if (list.count === 0) return 'No statements yet.'
  const slower = slowerCount(list)
  if (slower > 0) return `${numberWord(slower, true)} ${slower === 1 ? 'statement' : 'statements'} got slower.`
  const most = most1(list)
  if (most && most.share >= STANDS_OUT && list.count > 1) return `One statement is ${percent(most.share)} of database time.`
  return 'No statement stands out.'
}

/** What stands behind it. */
export function queriesEvidence(list: QueryList): string {
  const parts: string[] = []
  const most = most1(list)
  if (most)
    parts.push(
      `${most.name} took ${duration(most.total)} of ${duration(list.databaseMs)}${isFiltered(list) ? ` in all; the filter shows ${duration(list.all.total)} of that` : ''}.`,
    )
  const first = list.changes?.find(({ change }) => change.kind === 'slower')
  if (first)
    parts.push(`The mean of ${first.row.name} rose from ${duration(first.change.before.mean)} to ${duration(first.change.after.mean)}.`)
  if (list.source === 'reset') parts.push('Counted by the server since its last reset; samples show ranges of time.')
  return parts.join(' ')
}

export const slowerCount = ({ changes }: QueryList): number => changes?.filter(({ change }) => change.kind === 'slower').length ?? 0

/** The filter leaves out more than other databases. */
const isFiltered = ({ all, databaseMs }: QueryList): boolean => all.total < databaseMs * 0.9999

function most1({ rows, chart, databaseMs, nestedApart }: QueryList) {
  const row = chart?.top[0]
    ? rows.find(({ key }) => key === chart.top[0]?.key)
    : rows.filter(({ toplevel }) => toplevel || !nestedApart).sort((a, b) => b.total - a.total)[0]
  return row && databaseMs > 0 ? { name: row.name, total: row.total, share: row.total / databaseMs } : undefined
}

/** Samples are kept by the minute. */
const BUCKET_MS = 60_000

/** When the list is of, and whether samples have stopped coming: two turns are missed. `at`: when it was read. */
export function freshness(
  list: Pick<QueryList, 'source' | 'lastSample' | 'sampleEveryMs'> | undefined,
  at: string,
): { readAt: string; stale: boolean } {
  if (!list || list.source === 'reset' || list.lastSample === null) return { readAt: at, stale: list === undefined }
  const age = Date.parse(at) - Date.parse(list.lastSample)
  // One that lies ahead of the clock is from before it was set back.
  return { readAt: list.lastSample, stale: age > 2 * list.sampleEveryMs + BUCKET_MS || age < -BUCKET_MS }
}
