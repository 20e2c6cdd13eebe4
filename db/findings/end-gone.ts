import { sql } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import type { Server } from '../console/servers'
import { clusterOf } from './cluster-of'

/**
 * Ends the findings that no look can end any more: those of databases that the cluster does not have, `databases` being all that it has, and those
 * of clusters that the address of the server neither leads to nor is recorded for. What is kept of their looks goes. A cluster that has
 * not told its identifier is none of those. Errors: throws what the console database says.
 */
export async function endGone(server: Server, databases: readonly string[], at: Date): Promise<void> {
  const here = clusterOf(server)
  const clusters = [server.systemIdentifier, server.otherIdentifier, ''].filter((one) => one !== null)
  const lastLook = sql`(select max(l.looked_at) from check_look l
    where l.server_id = f.server_id and l.cluster = f.cluster and l.database = f.database and l.check_name = f.check_name)`
  await consoleDb().transaction(async (tx) => {
    const dropped = sql`cluster = ${here} and database <> '' and database <> all (${sql.param([...databases])}::text[])`
    const elsewhere = sql`cluster <> all (${sql.param(clusters)}::text[])`
    for (const [why, gone] of [
      ['database-dropped', dropped],
      ['another-cluster', elsewhere],
    ] as const) {
      // Without an identifier nobody knows which of them the address leads to.
      if (why === 'another-cluster' && here === '') continue
      await tx.execute(sql`
        update finding f set ended_at = ${at.toISOString()}::timestamptz, ended_why = ${why}, last_seen_at = ${lastLook}
         where server_id = ${server.id} and ended_at is null and ${gone}`)
      await tx.execute(sql`delete from check_look where server_id = ${server.id} and ${gone}`)
    }
  })
}
