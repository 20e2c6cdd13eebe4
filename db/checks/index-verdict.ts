import type { statisticsWindow } from '../reads/statistics-window'
import type { Row } from '../server/define-read'
import type { IndexVerdict } from './index-finding'
import type { WholeIndex } from './index-roll-up'
import { sayBytes, sayCount, sayPercent, saySpan } from './say'

/**
 * Bloat from here on is worth a rebuild. A b-tree filled in random order settles at about 70 % full, a rebuilt one
 * at 90 % (its fillfactor), so below a fifth a rebuild gives back what the next inserts take again. 1 MB is
 * what a rebuild must give back for its WAL and its two table scans to be worth while; a higher floor would call
 * whole small databases healthy, and in large ones the order by bytes puts what matters first anyway.
 */
export const BLOAT_RATIO = 0.2
const BLOAT_BYTES = 1024 * 1024

/** A week holds the weekly jobs. Month's end it does not, and the page prints the window beside the verdict. */
export const UNUSED_AFTER_SECONDS = 7 * 86_400

/** An enforcing index below this share of its table's scans is there for its constraint alone. */
const CONSTRAINT_SHARE = 0.001

interface Judgement {
  verdict: IndexVerdict
  rule: string
  /** Bytes that mending gives back. */
  reclaimBytes: number
  /** Why an index that nothing scanned is not called unused; null when it was scanned, or is. */
  unusedWithheld: string | null
}

export type StatisticsWindow = Row<typeof statisticsWindow>

/** Why nothing in this database can be called unused; null when the window is long enough. */
export function windowTooShort(window: StatisticsWindow | null, unusedAfter = UNUSED_AFTER_SECONDS): string | null {
  if (window === null) return 'the statistics window could not be read'
  if (window.in_recovery) return 'this is a standby: the primary may use it'
  if (window.seconds >= unusedAfter) return null
  return `statistics are ${saySpan(window.seconds)} old, ${saySpan(unusedAfter)} are needed`
}

/**
 * The verdict on one index, with the rule that led to it and the index's own numbers. Pure. The first that
 * holds counts: invalid, redundant, unused, bloated, constraint, healthy.
 */
export function indexVerdict(
  whole: WholeIndex,
  window: StatisticsWindow | null,
  partner: string | null,
  unusedAfter = UNUSED_AFTER_SECONDS,
): Judgement {
  const bytes = whole.bytes ?? 0
  const size = whole.bytes === null ? 'its size is not known' : sayBytes(bytes)
  if (whole.building !== null) {
    const rule = `Healthy: pid ${whole.building} is building it concurrently; it turns valid when that ends.`
    return { verdict: 'healthy', rule, reclaimBytes: 0, unusedWithheld: null }
  }
  if (whole.invalidBytes !== null) {
    return { verdict: 'invalid', rule: invalidRule(whole), reclaimBytes: whole.invalidBytes, unusedWithheld: null }
  }
  const { index } = whole
  if (index.redundant_with !== null) {
    const other = partner ?? `index ${index.redundant_with}`
    const rule =
      index.redundant_kind === 'duplicate'
        ? `Redundant: it repeats ${other}, key for key. Here ${size}.`
        : `Redundant: ${other} begins with its columns and serves the same queries. Here ${size}.`
    return { verdict: 'redundant', rule, reclaimBytes: bytes, unusedWithheld: null }
  }
  const unusedWithheld = whole.idxScan === 0n ? (keptFor(whole) ?? windowTooShort(window, unusedAfter)) : null
  if (whole.idxScan === 0n && unusedWithheld === null && window) {
    const feeds = index.has_exprs ? ' ANALYZE gathers statistics on its expression for the planner: see that no plan rests on them.' : ''
    const rule = `Unused: no scan in ${saySpan(unusedAfter)} or more, nothing to enforce. Here none in ${saySpan(window.seconds)}, ${size}.${feeds}`
    return { verdict: 'unused', rule, reclaimBytes: bytes, unusedWithheld }
  }
  if (isBloated(whole)) return { verdict: 'bloated', rule: bloatedRule(whole), reclaimBytes: whole.bloat.bloatBytes ?? 0, unusedWithheld }
  const kept = keptFor(whole)
  if (kept !== null && Number(whole.idxScan) <= CONSTRAINT_SHARE * Number(whole.tableScans)) {
    const rule = `Constraint: kept because it ${kept}. ${sayCount(whole.idxScan, 'scan')} of its table's ${sayCount(whole.tableScans, 'scan')}.`
    return { verdict: 'constraint', rule, reclaimBytes: 0, unusedWithheld }
  }
  return { verdict: 'healthy', rule: healthyRule(whole, unusedWithheld), reclaimBytes: 0, unusedWithheld }
}

/** What would be lost with it beside speed; null when nothing. Enforcing a key never counts as a scan. */
export function keptFor({ index }: Pick<WholeIndex, 'index'>): string | null {
  if (index.indisprimary) return `backs primary key ${index.conname}`
  if (index.conname !== null) return `backs ${index.indisexclusion ? 'exclusion' : 'unique'} constraint ${index.conname}`
  if (index.referenced) return 'is what a foreign key refers to'
  if (index.indisunique) return 'enforces uniqueness'
  if (index.indisreplident) return 'is the replica identity'
  if (index.sole_for) return `is what serves foreign key ${index.sole_for.join(', ')}`
  return null
}

/** Certain beyond its ±: the lower end of the ratio is over the threshold. */
function isBloated({ bloat: { bloatRatio, bloatBytes, trust } }: WholeIndex): boolean {
  if (bloatRatio === null || bloatBytes === null) return false
  const low = bloatRatio - (trust.kind === 'estimated' ? trust.plusMinus / 100 : 0)
  return low >= BLOAT_RATIO && bloatBytes >= BLOAT_BYTES
}

const threshold = `bloat ≥ ${sayPercent(BLOAT_RATIO)} and ≥ ${sayBytes(BLOAT_BYTES)}`

function sayBloat({ bloat: { bloatRatio, bloatBytes, trust } }: WholeIndex): string {
  if (bloatRatio === null || bloatBytes === null) return 'not known'
  if (trust.kind !== 'estimated') return `${sayPercent(bloatRatio)} and ${sayBytes(bloatBytes)}`
  return `${sayPercent(bloatRatio)} ± ${Math.ceil(trust.plusMinus)} points and ${sayBytes(bloatBytes)}`
}

const bloatedRule = (whole: WholeIndex): string => {
  const beyond = whole.bloat.trust.kind === 'estimated' ? ', at the low end of the estimate too' : ''
  return `Bloated: ${threshold}${beyond}. Here ${sayBloat(whole)}.`
}

function healthyRule(whole: WholeIndex, unusedWithheld: string | null): string {
  const { bloat } = whole
  const air =
    bloat.trust.kind === 'withheld' ? `bloat not known (${bloat.trust.reason})` : `not bloated (${threshold}; here ${sayBloat(whole)})`
  const use = unusedWithheld === null ? '' : ` Not scanned, but not called unused: ${unusedWithheld}.`
  const lacks = whole.lacksPartitions
    ? ' Some partition has no index attached to it: until ALTER INDEX … ATTACH PARTITION it stays invalid.'
    : ''
  return `Healthy: ${air}.${use}${lacks}`
}

/** Names that REINDEX CONCURRENTLY gives, cut to 63 bytes and numbered where taken (manual, REINDEX). */
export const isLeftover = (indexrelname: string): '_ccnew' | '_ccold' | null => {
  const found = /_cc(new|old)\d*$/.exec(indexrelname)
  return found ? (found[1] === 'new' ? '_ccnew' : '_ccold') : null
}

function invalidRule({ index, partitions }: WholeIndex): string {
  if (partitions > 0) return 'Invalid: the index of a partition is invalid, so no query uses it there. Rebuild that one.'
  const cost = index.indisready ? 'writes still maintain it' : 'nothing maintains it'
  const leftover = isLeftover(index.indexrelname)
  if (leftover === '_ccnew') return `Invalid: left by a REINDEX CONCURRENTLY that did not finish; ${cost}. The index itself is as it was.`
  if (leftover === '_ccold') return `Invalid: left by a REINDEX CONCURRENTLY whose new index is in place; ${cost}.`
  return `Invalid: a build that failed, or a drop that did not finish, left it; no query uses it, ${cost}.`
}
