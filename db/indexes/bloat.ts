import type { Learned } from '../domain/learned'
import type { Trust } from '../server/trust'
import type { Measurement } from './index-measurement'

export interface Bloat {
  /** What a rebuild would give back; null when withheld. */
  bloatBytes: number | null
  /** 0 … 1; null when withheld. */
  bloatRatio: number | null
  trust: Trust
}

/** What an estimate says of a file, or why it says nothing. */
export interface Estimate {
  bytes: number | null
  rebuilt_bytes: number | null
  plus_minus: number | null
  withheld: string | null
  fix: string | null
  /** Of an index that is no b-tree: the baseline that it was made with. */
  learned?: Learned
}

/** Below this many percentage points an answer counts as exact: it shows as the same whole number. */
const EXACT_POINTS = 0.5

/**
 * The bloat of an index or a heap from its row of the estimate, or of an index from its measurement. Never negative: one
 * that a rebuild would make larger has none.
 */
export function bloatOf(known: Estimate | Measurement): Bloat {
  if ('method' in known) return between(known.bytes, known.rebuiltBytes, known.plusMinus)
  const { bytes, rebuilt_bytes: rebuilt, plus_minus: plusMinus, withheld, fix } = known
  if (bytes === null || rebuilt === null || plusMinus === null) {
    const trust: Trust = { kind: 'withheld', reason: withheld ?? 'unknown', ...(fix === null ? {} : { fix }) }
    return { bloatBytes: null, bloatRatio: null, trust }
  }
  return between(bytes, rebuilt, plusMinus, known.learned)
}

function between(bytes: number, rebuilt: number, plusMinus: number, learned?: Learned): Bloat {
  const bloatBytes = Math.max(0, bytes - rebuilt)
  const trust: Trust = plusMinus < EXACT_POINTS ? { kind: 'exact' } : { kind: 'estimated', plusMinus, ...(learned && { learned }) }
  return { bloatBytes, bloatRatio: bytes === 0 ? 0 : bloatBytes / bytes, trust }
}
