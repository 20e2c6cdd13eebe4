import { serverFacts } from '../server/facts'
import { grantRole } from '../server/grants'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { snapshotHolders } from './reads/snapshot-holders'
import { holdersOf, type SnapshotHolder } from './snapshot-holders'

/** Who keeps VACUUM from removing what died in this database, the oldest first; of hidden ones with the GRANT that shows them. Errors: as the read. */
export async function readHolders(target: Target): Promise<Result<SnapshotHolder[]>> {
  const found = await runRead(target, snapshotHolders, {})
  if (!found.ok) return found
  const holders = holdersOf(found.value)
  if (!holders.some(({ hidden }) => hidden)) return ok(holders)
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const grant = grantRole('pg_read_all_stats', facts.value).join('; ')
  return ok(holders.map((holder) => (holder.hidden ? { ...holder, grant } : holder)))
}
