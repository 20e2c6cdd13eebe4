import type { Trust } from '../server/trust'
import type { RelationFacts } from './facts/load'
import type { Known, PastRuns } from './known'
import type { Prediction } from './plan'

/**
 * What rebuilding the given indexes leaves, in bytes, from measurements or the estimate; null where the size today
 * cannot be read. One index without an answer withholds the sum; those that the command leaves out stay as they are.
 */
export function predictRebuild(
  { bytes, parts, indexes }: RelationFacts,
  { rebuilt, past }: Known,
  isLeftOut: (index: RelationFacts['indexes'][number]) => boolean = () => false,
): Prediction | null {
  if (bytes === null) return null
  let after = 0
  let kept = 0
  let error = 0
  let withheld: Trust | null = null
  for (const index of indexes) {
    const { indexrelid, relname } = index
    const size = parts[indexrelid] ?? 0
    if (isLeftOut(index)) {
      kept += size
      continue
    }
    const known = rebuilt[indexrelid]
    const trust: Trust = known?.trust ?? { kind: 'withheld', reason: `no estimate of ${relname}` }
    if (trust.kind === 'withheld') withheld ??= trust
    // The estimate may be some seconds old: what it says in relation to the size of then holds for the size of now.
    const share = known && known.bytes > 0 ? Math.min(1, known.rebuiltBytes / known.bytes) : 1
    after += size * share
    if (trust.kind === 'estimated') error += (size * trust.plusMinus) / 100
  }
  if (withheld) return { bytesBefore: bytes, bytesAfter: null, trust: withheld, ...costOf(bytes - kept, past) }
  const trust: Trust = error === 0 || bytes === 0 ? { kind: 'exact' } : { kind: 'estimated', plusMinus: (error / bytes) * 100 }
  return { bytesBefore: bytes, bytesAfter: Math.round(kept + after), trust, ...costOf(after, past) }
}

/** What is known of a size before, and nothing of the one after. */
export const predictNothing = (bytes: number | null, reason: string, { past }: Known): Prediction | null =>
  bytes === null ? null : { bytesBefore: bytes, bytesAfter: null, trust: { kind: 'withheld', reason }, ...costOf(bytes, past) }

/** What is dropped. */
export const predictGone = (bytes: number | null, { past }: Known): Prediction | null =>
  bytes === null
    ? null
    : { bytesBefore: bytes, bytesAfter: 0, trust: { kind: 'exact' }, seconds: null, walBytes: null, runs: past?.runs ?? 0 }

/** What stays as large as it is. */
export const predictSame = (bytes: number | null, { past }: Known): Prediction | null =>
  bytes === null ? null : { bytesBefore: bytes, bytesAfter: bytes, trust: { kind: 'exact' }, ...costOf(bytes, past) }

/** Time and WAL in proportion to the bytes that will be written. */
function costOf(bytes: number, past: PastRuns | null): Pick<Prediction, 'seconds' | 'walBytes' | 'runs'> {
  if (!past || past.runs === 0) return { seconds: null, walBytes: null, runs: 0 }
  const { from, to } = past.secondsPerByte
  return {
    seconds: { from: from * bytes, to: to * bytes },
    walBytes: past.walPerByte === null ? null : Math.round(past.walPerByte * bytes),
    runs: past.runs,
  }
}
