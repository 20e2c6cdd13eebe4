import { setTimeout as sleep } from 'node:timers/promises'
import type { Before } from '../commands/define-command'
import { type IndexNow, indexesNow, nameKey } from '../commands/facts/replaced'
import type { Step } from '../commands/plan'
import type { Replaced } from '../history/chain-seen'
import type { Target } from '../server/target'

/** An index right before the statement that rebuilds it beside itself. */
interface Standing {
  file: Before['files'][number]
  scans: bigint
}

/** An index that a statement of this run has put in the place of another; `scans`: what the other had counted by then. */
export interface Swapped extends Replaced {
  file: Before['files'][number]
  scans: bigint
}

/** 14 passes counters on by a process of its own, at most every 500 ms; later majors at once. */
const COUNTERS_SETTLE_MS = 3_000

const isSame = (index: IndexNow, { digest }: Before['files'][number]): boolean => digest !== undefined && index.digest === digest

/**
 * The indexes that a statement is about to rebuild, as far as they are the ones that the run was begun for, and nobody is about to take
 * one away first: who waits for an exclusive lock could make another one under the name. Without the read: none.
 */
export async function standing(target: Target, { files }: Before, step?: Step): Promise<Standing[]> {
  const its = files.filter(({ oid, relid }) => !step || oid === step.oid || relid === step.oid)
  const now = await indexesNow(target, its)
  return its.flatMap((file) => {
    const index = now.ok ? now.value.get(nameKey(file)) : undefined
    return index && index.oid === file.oid && isSame(index, file) && !index.locked ? [{ file, scans: BigInt(index.scans) }] : []
  })
}

/** Which of them stand under other OIDs right after that statement, as REINDEX CONCURRENTLY leaves them. */
export async function swappedSince(target: Target, then: Standing[]): Promise<Swapped[]> {
  const now = await indexesNow(
    target,
    then.map(({ file }) => file),
  )
  return then.flatMap(({ file, scans }) => {
    const index = now.ok ? now.value.get(nameKey(file)) : undefined
    return index?.swapped && index.oid !== file.oid && isSame(index, file) ? [{ was: file.oid, now: index.oid, file, scans }] : []
  })
}

/**
 * Those whose evidence goes on under the other OID: still there, and scanned no less often than before, as PostgreSQL takes the counters
 * along. Asked when the run's session is closed, which is when 14 has told all it counted.
 */
export async function replacedBy(target: Target, swapped: Swapped[]): Promise<Replaced[]> {
  for (const until = Date.now() + COUNTERS_SETTLE_MS; swapped.length > 0; await sleep(200)) {
    const found = await indexesNow(
      target,
      swapped.map(({ file }) => file),
    )
    const there = swapped.filter(({ file, now }) => found.ok && found.value.get(nameKey(file))?.oid === now)
    const counted = there.filter(({ file, scans }) => found.ok && BigInt(found.value.get(nameKey(file))?.scans ?? 0) >= scans)
    if (counted.length === there.length || Date.now() > until) return counted.map(({ was, now }) => ({ was, now }))
  }
  return []
}
