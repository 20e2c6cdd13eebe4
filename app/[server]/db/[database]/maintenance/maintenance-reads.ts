import { type Place, targetOf } from '@/app/place'
import { reindexIndexRequest } from '@/db/commands/reindex-index/request'
import { vacuumTableRequest } from '@/db/commands/vacuum-table/request'
import { latestMeasurements } from '@/db/console/health-checks'
import { indexPast } from '@/db/history/index-first-seen'
import { indexHealth } from '@/db/indexes/index-health'
import { type NextMaintenance, nextMaintenance } from '@/db/maintenance/next-maintenance'
import { pastRuns } from '@/db/runs/run-known'
import { ok, type Result } from '@/db/server/problem'
import { readTableFindings } from '@/db/tables/table-health'

/** The rebuilds and vacuums of a place, the best first. Errors: as the reads of its indexes and tables. */
export async function readNextMaintenance(place: Place): Promise<Result<NextMaintenance>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const { server, database } = place
  const [health, read, rebuild, vacuum] = await Promise.all([
    Promise.all([latestMeasurements(server, database), indexPast(server, database)]).then((known) => indexHealth(target.value, ...known)),
    readTableFindings(target.value),
    pastRuns(server, reindexIndexRequest.command, { concurrently: true }),
    pastRuns(server, vacuumTableRequest.command, { full: false }),
  ])
  if (!health.ok) return health
  if (!read.ok) return read
  return ok(nextMaintenance({ indexes: health.value.findings, tables: read.value, past: { rebuild, vacuum } }))
}
