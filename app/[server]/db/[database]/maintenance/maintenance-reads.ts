import { type Place, targetOf } from '@/app/place'
import { indexHealth } from '@/db/checks/index-health'
import { type NextMaintenance, nextMaintenance } from '@/db/checks/next-maintenance'
import { tableFindings } from '@/db/checks/table-health'
import { latestMeasurements } from '@/db/console/health-checks'
import { pastRuns } from '@/db/console/run-known'
import { tables } from '@/db/reads/tables'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'

/** The rebuilds and vacuums of a place, the best first. Errors: as the reads of its indexes and tables. */
export async function readNextMaintenance(place: Place): Promise<Result<NextMaintenance>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const { server, database } = place
  const [health, read, rebuild, vacuum] = await Promise.all([
    latestMeasurements(server, database).then((measured) => indexHealth(target.value, measured)),
    runRead(target.value, tables, {}),
    pastRuns(server, 'reindex-index', { concurrently: true }),
    pastRuns(server, 'vacuum-table', { full: false }),
  ])
  if (!health.ok) return health
  if (!read.ok) return read
  return ok(nextMaintenance({ indexes: health.value.findings, tables: tableFindings(read.value), past: { rebuild, vacuum } }))
}
