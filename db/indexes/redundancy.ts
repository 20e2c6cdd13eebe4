import { isMuchLarger } from '../domain/covering-size'
import type { Row } from '../server/define-read'
import type { redundantPairs } from './reads/redundant-pairs'

export type Pair = Row<typeof redundantPairs>

/** What the pairs of a database come to. Keys are indexrelid. */
export interface Redundancies {
  /** What can go, each with the index that stays and serves all that it serves. */
  redundant: Map<number, Pair>
  /** What another index could stand in for, with a doubt or at a cost: nothing is proposed for that. */
  doubtful: Map<number, Pair>
  /** What must stay if any of these go, for it stands in for them. Its key is what would be dropped: `kept_root`. */
  standsInFor: Map<number, Pair[]>
}

/**
 * Decides from all pairs which indexes can go. Pure. Whoever goes has a stand-in that nothing else stands in for and that is therefore not
 * proposed, so all who go can go, together or one after the other, in any order. Of two that could stand in for each other the one
 * with more scans stays: what the planner has chosen so far keeps being there, and is seen to be used; then the smaller, then the older.
 */
export function redundancies(pairs: Pair[]): Redundancies {
  const redundant = best(oneWay(pairs.filter(isFirm)))
  const standsInFor = new Map<number, Pair[]>()
  const doubtful = new Map<number, Pair>()
  for (const pair of redundant.values()) add(standsInFor, pair)
  for (const [indexrelid, pair] of best(oneWay(pairs))) {
    if (!redundant.has(indexrelid)) doubtful.set(indexrelid, pair)
    if (redundant.get(indexrelid)?.kept_root !== pair.kept_root) add(standsInFor, pair)
  }
  return { redundant, doubtful, standsInFor }
}

/** Whether what stays serves as well, at about the same cost; not where a lock hides the sizes. */
const isFirm = ({ doubts, bytes, kept_bytes: kept }: Pair): boolean =>
  doubts.length === 0 && bytes !== null && kept !== null && !isMuchLarger(kept, bytes)

/** Of two that could stand in for each other one only goes. */
function oneWay(pairs: Pair[]): Pair[] {
  const found = new Set(pairs.map(({ indexrelid, kept }) => `${indexrelid} ${kept}`))
  return pairs.filter((pair) => !found.has(`${pair.kept} ${pair.indexrelid}`) || staysBefore(pair))
}

function staysBefore({ indexrelid, idx_scan, bytes, kept, kept_scan, kept_bytes }: Pair): boolean {
  if (idx_scan !== kept_scan) return BigInt(kept_scan) > BigInt(idx_scan)
  if (bytes !== kept_bytes) return (kept_bytes ?? Number.POSITIVE_INFINITY) < (bytes ?? Number.POSITIVE_INFINITY)
  return kept < indexrelid
}

/** For each the best stand-in, among those that have none themselves. */
function best(pairs: Pair[]): Map<number, Pair> {
  const replaceable = new Set(pairs.map(({ indexrelid }) => indexrelid))
  const found = new Map<number, Pair>()
  for (const pair of pairs) {
    if (replaceable.has(pair.kept)) continue
    const other = found.get(pair.indexrelid)
    if (!other || preferred(pair, other) < 0) found.set(pair.indexrelid, pair)
  }
  return found
}

/** Without doubts first, then duplicates, then what is needed anyhow, then the narrowest, then the oldest. */
const preferred = (a: Pair, b: Pair): number =>
  a.doubts.length - b.doubts.length ||
  Number(a.kind !== 'duplicate') - Number(b.kind !== 'duplicate') ||
  Number(b.kept_held) - Number(a.kept_held) ||
  a.kept_n - b.kept_n ||
  a.kept - b.kept

function add(standsInFor: Map<number, Pair[]>, pair: Pair): void {
  const known = standsInFor.get(pair.kept_root)
  if (known) known.push(pair)
  else standsInFor.set(pair.kept_root, [pair])
}
