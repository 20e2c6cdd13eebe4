import { type Place, targetOf } from '@/app/place'
import type { ReplicationAnswer } from '@/components/replication/replication-types'
import { runChecks } from '@/db/checks/run-checks'
import { pastOf } from '@/db/history/past'
import { REPLICATION_CHECKS, readReplication } from '@/db/replication/replication'
import { ok, type Result } from '@/db/server/problem'

/** Replication and WAL of a server now, with what the checks of this topic say of them. */
export async function readReplicationOf(place: Place): Promise<Result<ReplicationAnswer>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const past = pastOf(place.server)
  const [now, checks] = await Promise.all([readReplication(target.value, past), runChecks(target.value, past, REPLICATION_CHECKS)])
  return now.ok ? ok({ ...now.value, checks }) : now
}
