import type { Past } from '../../db/checks/define-check'
import { foreignKeyWithoutIndex } from '../../db/indexes/checks/foreign-key-without-index'
import { indexInvalid } from '../../db/indexes/checks/index-invalid'
import { indexLeftover } from '../../db/indexes/checks/index-leftover'
import { indexRedundant } from '../../db/indexes/checks/index-redundant'
import { indexUnused } from '../../db/indexes/checks/index-unused'
import { UNWATCHED } from '../../db/indexes/index-past'
import type { Target } from '../../db/server/target'
import type { Proposals, Verdict } from './judge'

const CHECKS = [
  ['unused', indexUnused],
  ['redundant', indexRedundant],
  ['invalid', indexInvalid],
  ['invalid', indexLeftover],
] as const satisfies [Verdict, unknown][]

/**
 * What the checks propose on a database whose workload began at `began` (ms since the epoch). The trial has no month to wait: unused
 * is what was not scanned for longer than that, and somebody vouches for the age of each index. Throws where a check cannot look.
 */
export async function proposalsOn(target: Target, began: number): Promise<Proposals> {
  const unusedAfter = (Date.now() - began) / 1000 + 1
  const past: Past = { indexes: async () => ({ ...UNWATCHED, unusedAfter, vouched: '2000-01-01T00:00:00.000Z' }) }
  const proposals: Proposals = { drops: new Map(), unserved: new Set() }
  for (const [verdict, check] of CHECKS) {
    const found = await check.look(target, past)
    if (!found.ok) throw new Error(found.problem.message)
    for (const finding of found.value) {
      if (finding.kind !== 'relation' || finding.sql === null) continue
      proposals.drops.set(finding.relname, { verdict, sql: finding.sql })
    }
  }
  const keys = await foreignKeyWithoutIndex.look(target)
  if (!keys.ok) throw new Error(keys.problem.message)
  // The finding is about the table; its title begins with the key's name.
  for (const { title } of keys.value) proposals.unserved.add(/^Foreign key (\S+)/.exec(title)?.[1] ?? title)
  return proposals
}
