import type { indexBloatEstimate } from '../reads/index-bloat-estimate'
import type { Row } from '../server/define-read'
import type { Trust } from '../server/trust'
import type { Measurement } from './index-measurement'

export interface Bloat {
  /** What REINDEX would give back; null when withheld. */
  bloatBytes: number | null
  /** 0 … 1; null when withheld. */
  bloatRatio: number | null
  trust: Trust
}

/** Below this many percentage points an answer counts as exact: it shows as the same whole number. */
const EXACT_POINTS = 0.5

/**
 * The bloat of an index from its row of the estimate, or from its measurement. Never negative: an index
 * that a rebuild would make larger has none.
 */
export function bloatOf(known: Row<typeof indexBloatEstimate> | Measurement): Bloat {
  if ('method' in known) return between(known.bytes, known.rebuiltBytes, known.plusMinus)
  const { bytes, rebuilt_bytes: rebuilt, plus_minus: plusMinus, withheld, mend } = known
  if (bytes === null || rebuilt === null || plusMinus === null) {
    const trust: Trust = { kind: 'withheld', reason: withheld ?? 'unknown', ...(mend === null ? {} : { mend }) }
    return { bloatBytes: null, bloatRatio: null, trust }
  }
  return between(bytes, rebuilt, plusMinus)
}

function between(bytes: number, rebuilt: number, plusMinus: number): Bloat {
  const bloatBytes = Math.max(0, bytes - rebuilt)
  const trust: Trust = plusMinus < EXACT_POINTS ? { kind: 'exact' } : { kind: 'estimated', plusMinus }
  return { bloatBytes, bloatRatio: bytes === 0 ? 0 : bloatBytes / bytes, trust }
}
