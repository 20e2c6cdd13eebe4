import { consoleDb } from '../console/client'
import type { Problem } from '../server/problem'
import type { Standing } from './fleet-types'

/** Without a sample for so long a server's state is not known any more, whoever is to blame: six looks, and time for a busy worker. */
const STALE_MS = 120_000

/** How sampling of a server's current series goes. */
export interface SampledRow {
  no: number
  server_id: string
  in_recovery: boolean | null
  version: string | null
  seen_at: Date | null
  failures: number
  failing_since: Date | null
  retry_at: Date | null
  problem: Problem | null
}

/** Of every server that was ever sampled, by its id. */
export async function readSampled(): Promise<Map<string, SampledRow>> {
  const { rows } = await consoleDb().$client.query<SampledRow>(
    `select no, server_id, in_recovery, version, seen_at, failures, failing_since, retry_at, problem from sampled_server where current`,
  )
  return new Map(rows.map((row) => [row.server_id, row]))
}

/** Whether a server's state is known, and if not, why. */
export function standingOf(otherCluster: string | null, row: SampledRow | undefined, now: Date): Standing {
  if (otherCluster !== null) return 'elsewhere'
  if (row && row.failures > 0) return 'unreachable'
  if (!row?.seen_at) return 'never'
  return now.getTime() - row.seen_at.getTime() > STALE_MS ? 'stale' : 'sampled'
}
