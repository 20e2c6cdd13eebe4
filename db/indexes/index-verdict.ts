import { BLOAT_BYTES, BLOAT_RATIO } from '../domain/bloat-threshold'
import { formatBytes, formatCount, formatPercent } from '../domain/format'
import { learnedFrom } from '../domain/learned'
import type { IndexVerdict } from './index-finding'
import type { WholeIndex } from './index-roll-up'
import type { IndexUse } from './index-use'
import { redundantRule } from './redundancy-sentences'
import { notScannedRule, unusedRule } from './use-sentences'

/** An enforcing index below this share of its table's scans is there for its constraint alone. */
const CONSTRAINT_SHARE = 0.001

interface Judgement {
  verdict: IndexVerdict
  rule: string
  /** Bytes that fixing gives back. */
  reclaimBytes: number
  /** Why an index that nothing scanned is not called unused; null when it was scanned, or is. */
  unusedWithheld: string | null
}

/**
 * The verdict on one index, with the rule that led to it and the index's own numbers. Pure. The first that
 * holds counts: invalid, redundant, unused, bloated, not-scanned, constraint, healthy. What belongs to an extension is left to it.
 */
export function indexVerdict(whole: WholeIndex, partner: string | null, use: IndexUse): Judgement {
  const bytes = whole.bytes ?? 0
  const size = whole.bytes === null ? 'its size is not known' : formatBytes(bytes)
  if (whole.atWork !== null) return { verdict: 'healthy', rule: whole.atWork, reclaimBytes: 0, unusedWithheld: null }
  if (whole.invalid !== null) {
    const { action, rule } = whole.invalid
    return { verdict: 'invalid', rule, reclaimBytes: action === 'attach' || action === 'replace' ? 0 : bytes, unusedWithheld: null }
  }
  const { index } = whole
  if (index.redundant_with !== null && index.extension === null) {
    const other = partner ?? `index ${index.redundant_with}`
    const rule = redundantRule(index.redundant_kind ?? 'prefix', other, whole.idxScan, size)
    return { verdict: 'redundant', rule, reclaimBytes: bytes, unusedWithheld: null }
  }
  const kept = keptFor(whole)
  if (use.kind === 'unused' && kept === null)
    return { verdict: 'unused', rule: unusedRule(whole, use, size), reclaimBytes: bytes, unusedWithheld: null }
  const withheld = kept === null && use.kind === 'unproved' ? use : null
  const unusedWithheld = use.kind === 'used' ? null : (kept ?? withheld?.reason ?? null)
  if (isBloated(whole)) return { verdict: 'bloated', rule: bloatedRule(whole), reclaimBytes: whole.bloat.bloatBytes ?? 0, unusedWithheld }
  if (withheld) return { verdict: 'not-scanned', rule: notScannedRule(withheld, size), reclaimBytes: 0, unusedWithheld }
  if (kept !== null && Number(whole.idxScan) <= CONSTRAINT_SHARE * Number(whole.tableScans)) {
    const rule = `Constraint: kept because it ${kept}. ${formatCount(whole.idxScan, 'scan')} of its table's ${formatCount(whole.tableScans, 'scan')}.`
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
  if (index.indisclustered) return 'is what CLUSTER orders the table by'
  if (index.sole_for && index.perhaps)
    return `may be what serves foreign key ${index.sole_for.join(', ')}: how much its check would still read is not known`
  if (index.sole_for) return `is what serves foreign key ${index.sole_for.join(', ')}`
  return null
}

/** Certain beyond its ±: the lower end of the ratio is over the threshold. */
function isBloated({ bloat: { bloatRatio, bloatBytes, trust } }: WholeIndex): boolean {
  if (bloatRatio === null || bloatBytes === null) return false
  const low = bloatRatio - (trust.kind === 'estimated' ? trust.plusMinus / 100 : 0)
  return low >= BLOAT_RATIO && bloatBytes >= BLOAT_BYTES
}

const threshold = `≥ ${formatPercent(BLOAT_RATIO)} and ≥ ${formatBytes(BLOAT_BYTES)}`

function formatBloat({ bloat: { bloatRatio, bloatBytes, trust } }: WholeIndex): string {
  if (bloatRatio === null || bloatBytes === null) return 'not known'
  if (trust.kind !== 'estimated') return `${formatPercent(bloatRatio)} and ${formatBytes(bloatBytes)}`
  const learned = trust.learned ? ` (${learnedFrom(trust.learned)})` : ''
  return `${formatPercent(bloatRatio)} ± ${Math.ceil(trust.plusMinus)} points and ${formatBytes(bloatBytes)}${learned}`
}

const bloatedRule = (whole: WholeIndex): string => {
  const beyond = whole.bloat.trust.kind === 'estimated' ? ', at the low end of the estimate too' : ''
  return `Bloated: ${formatBloat(whole)}. Threshold: ${threshold}${beyond}.`
}

function healthyRule(whole: WholeIndex, unusedWithheld: string | null): string {
  const { bloat } = whole
  const air =
    bloat.trust.kind === 'withheld'
      ? `bloat not known (${bloat.trust.reason})`
      : `not bloated (${formatBloat(whole)}; threshold ${threshold})`
  const use = unusedWithheld === null ? '' : ` Not scanned, but not reported as unused: ${unusedWithheld}.`
  return `Healthy: ${air}.${use}`
}
