import { formatBytes, formatCount, formatDay, formatSpan } from '../domain/format'
import type { Withheld } from './counted-use'
import type { WholeIndex } from './index-roll-up'
import type { IndexUse } from './index-use'

type Unused = Extract<IndexUse, { kind: 'unused' }>

/** The rule of an unused index and its numbers: since when nothing scanned it, and what the scans before that gave. */
export function unusedRule(whole: WholeIndex, { seconds, servers, scans, last, since, sampled }: Unused, size: string): string {
  const where = servers > 1 ? ` on any of ${servers} servers of the cluster` : ''
  const feeds = whole.index.has_exprs
    ? ' ANALYZE gathers statistics on its expression for the planner: see that no plan rests on them.'
    : ''
  if (scans === 0n) return `Unused: nothing to enforce, and no scan in ${formatSpan(seconds)}${where}. Size: ${size}.${feeds}`
  const saved = formatScan(whole)
  const before = ` ${formatCount(scans, 'scan')} before that${last === null ? '' : `, the last on ${formatDay(last)}`}.`
  // Before 16 the server tells no last scan: no more is claimed than what two looks at its counter show.
  if (sampled)
    return `Unused: nothing to enforce, and not used between samples since ${formatDay(since)}: its counter stands at ${formatCount(scans, 'scan')}, as it did then.${saved === null ? '' : ` ${saved}`} Size: ${size}.${feeds}`
  return `Unused: nothing to enforce, and not used for ${formatSpan(seconds)}${where}.${before}${saved === null ? '' : ` ${saved}`} Size: ${size}.${feeds}`
}

/** Why an index without a scan is not called unused, and when or how that can be told. */
export function notScannedRule({ reason, remedy, settles }: Withheld, size: string): string {
  const when = settles === null ? '' : ` If it stays unscanned, it counts as unused from ${formatDay(settles)} at the earliest.`
  return `Not scanned: no scan was seen, but ${reason}. Size: ${size}.${remedy === null ? '' : ` ${remedy}`}${when}`
}

/** What a scan of it read, against all of the table that it spared; null where neither is known. */
export function formatScan({ idxScan, tupRead, tableBytes }: Pick<WholeIndex, 'idxScan' | 'tupRead' | 'tableBytes'>): string | null {
  if (idxScan === 0n || tableBytes === 0) return null
  const entries = formatCount((tupRead + idxScan / 2n) / idxScan, 'entry').replace(/entrys$/, 'entries')
  return `A scan read ${entries} on average; without it the query would read the table's ${formatBytes(tableBytes)}, or another index.`
}
