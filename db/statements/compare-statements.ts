/** What a statement took over a range: the number of calls, Σ and Σ² of their times in ms. */
export interface Executions {
  calls: number
  total: number
  squares: number
}

export type ChangeKind = 'new' | 'gone' | 'slower' | 'faster' | 'same' | 'unsure'

/** A statement in two ranges, the later one against the earlier one. */
export interface StatementChange {
  kind: ChangeKind
  before: Spread
  after: Spread
  /** after.mean / before.mean; null where either has no calls. */
  factor: number | null
  /** What the difference of the means took in the later range, in ms; of a new statement all of it. */
  extra: number
  /**
   * How sure that is, 0 … 1; null where there are too few calls. Of two means by Welch's t-test; of one that is new or gone by the
   * chance that so many calls of an even rate would all have fallen into the time that was sampled on one side.
   */
  sure: number | null
}

interface Spread {
  calls: number
  /** ms; 0 without calls. */
  mean: number
  stddev: number
}

/** How much of the two ranges was sampled, in seconds. */
interface SampledSeconds {
  before: number
  after: number
}

/** Fewer calls tell nothing about a spread. */
const LEAST_CALLS = 5
/** With a few hundred statements one in a thousand is wrong by chance now and then; one in a hundred would be so daily. */
const SURE = 0.999
/** What is less than a quarter is not worth anybody's time. */
const FACTOR = 1.25

export const spreadOf = ({ calls, total, squares }: Executions): Spread => {
  if (calls <= 0) return { calls: 0, mean: 0, stddev: 0 }
  const mean = total / calls
  return { calls, mean, stddev: Math.sqrt(Math.max(0, squares / calls - mean * mean)) }
}

/**
 * Compares a statement in two ranges. Slower and faster are means that differ by a quarter or more and, by Welch's t-test
 * (Welch 1947; two-sided, unequal variances, calls taken as independent), with a confidence of at least 99.9 %. One that
 * differs by so much, but not with so much confidence, is `unsure`.
 */
export function compareStatement(earlier: Executions, later: Executions, sampled?: SampledSeconds): StatementChange {
  const [before, after] = [spreadOf(earlier), spreadOf(later)]
  const factor = before.calls > 0 && after.calls > 0 && before.mean > 0 ? after.mean / before.mean : null
  const sure = before.calls > 0 && after.calls > 0 ? confidence(before, after) : oneSided(before.calls, after.calls, sampled)
  return { kind: kindOf(before, after, factor, sure), before, after, factor, extra: (after.mean - before.mean) * after.calls, sure }
}

/** 1 − the chance that all calls fall into the one side, each with the probability of that side's share of the time. */
function oneSided(before: number, after: number, sampled: SampledSeconds | undefined): number | null {
  if (!sampled || sampled.before <= 0 || sampled.after <= 0) return null
  const share = (before > 0 ? sampled.before : sampled.after) / (sampled.before + sampled.after)
  return 1 - share ** Math.max(before, after)
}

function kindOf(before: Spread, after: Spread, factor: number | null, sure: number | null): ChangeKind {
  if (after.calls === 0) return 'gone'
  if (before.calls === 0) return 'new'
  if (factor === null || (factor < FACTOR && factor > 1 / FACTOR)) return 'same'
  if (sure === null || sure < SURE) return 'unsure'
  return factor > 1 ? 'slower' : 'faster'
}

/** 1 − p of Welch's t-test; null with fewer calls than tell anything. */
export function confidence(a: Spread, b: Spread): number | null {
  if (a.calls < LEAST_CALLS || b.calls < LEAST_CALLS) return null
  // stddev is that of a population, as the server computes it; the test wants that of a sample.
  const [va, vb] = [a.stddev ** 2 / (a.calls - 1), b.stddev ** 2 / (b.calls - 1)]
  if (va + vb === 0) return a.mean === b.mean ? 0 : 1
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(va + vb)
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.calls - 1) + vb ** 2 / (b.calls - 1))
  return 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
}

/** Regularised incomplete beta function by its continued fraction, Lentz's method (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a
  let [c, d] = [1, 1 / nonZero(1 - ((a + b) * x) / (a + 1))]
  let result = d
  for (let m = 1; m <= 300; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      result *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-12) break
  }
  return front * result
}

const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value)

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** Stirling's series, after shifting the argument up (DLMF 5.11.1). */
function logGamma(x: number): number {
  let [shifted, less] = [x, 0]
  for (; shifted < 10; shifted++) less += Math.log(shifted)
  const z = 1 / (shifted * shifted)
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + (1 / 12 - (1 / 360 - z / 1260) * z) / shifted - less
}
