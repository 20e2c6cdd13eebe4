import { and, desc, eq, inArray } from 'drizzle-orm'
import type { StoredMeasurement } from '../indexes/index-measurement'
import { type ConsoleDb, consoleDb } from './client'
import { healthCheck, indexMeasurement } from './schema'
import { isOfSeenCluster, seenCluster } from './seen-cluster'

/** How many measurements of one index are read back. */
const HISTORY = 200

export type HealthCheck = typeof healthCheck.$inferSelect

/** What was seen of a database, as long as its server's address leads to the cluster that it was seen of. */
const seenOf = (table: typeof healthCheck | typeof indexMeasurement, serverId: string, database: string) =>
  and(eq(table.serverId, serverId), eq(table.database, database), isOfSeenCluster(table.systemIdentifier, serverId))

/** Keeps what a health check said. Gives the row back. */
export async function recordHealthCheck(entry: typeof healthCheck.$inferInsert, db: ConsoleDb = consoleDb()): Promise<HealthCheck> {
  const [row] = await db
    .insert(healthCheck)
    .values({ ...entry, systemIdentifier: seenCluster(entry.serverId) })
    .returning()
  if (!row) throw new Error('INSERT … RETURNING gave no row')
  return row
}

/** The newest health check of a database; null when there has been none. */
export async function latestHealthCheck(serverId: string, database: string, db: ConsoleDb = consoleDb()): Promise<HealthCheck | null> {
  const [row] = await db
    .select()
    .from(healthCheck)
    .where(seenOf(healthCheck, serverId, database))
    .orderBy(desc(healthCheck.startedAt), desc(healthCheck.id))
    .limit(1)
  return row ?? null
}

/** Keeps sizes that were measured. */
export async function recordMeasurements(
  serverId: string,
  database: string,
  measurements: StoredMeasurement[],
  db: ConsoleDb = consoleDb(),
): Promise<void> {
  if (measurements.length === 0) return
  await db.insert(indexMeasurement).values(
    measurements.map(({ measuredAt, plusMinus, ...measured }) => ({
      ...measured,
      serverId,
      systemIdentifier: seenCluster(serverId),
      database,
      measuredAt: new Date(measuredAt),
      plusMinus: Math.ceil(plusMinus), // the column holds whole points, and a ± is never said smaller than it is
    })),
  )
}

/** The newest measurement of each index of a database, whether or not it still holds (stillHolds tells). */
export async function latestMeasurements(serverId: string, database: string, db: ConsoleDb = consoleDb()): Promise<StoredMeasurement[]> {
  const { indexrelid, relfilenode, measuredAt, method, bytes, rebuiltBytes, plusMinus, detail } = indexMeasurement
  const rows = await db
    .selectDistinctOn([indexrelid], { indexrelid, relfilenode, measuredAt, method, bytes, rebuiltBytes, plusMinus, detail })
    .from(indexMeasurement)
    .where(seenOf(indexMeasurement, serverId, database))
    .orderBy(indexrelid, desc(measuredAt), desc(indexMeasurement.id))
  return rows.map((row) => ({ ...row, measuredAt: row.measuredAt.toISOString() }))
}

/** All measurements of one index, under all the OIDs that it had, newest first: its history. */
export async function measurementsOf(
  serverId: string,
  database: string,
  indexes: number[],
  db: ConsoleDb = consoleDb(),
): Promise<StoredMeasurement[]> {
  const rows = await db
    .select()
    .from(indexMeasurement)
    .where(and(seenOf(indexMeasurement, serverId, database), inArray(indexMeasurement.indexrelid, indexes)))
    .orderBy(desc(indexMeasurement.measuredAt), desc(indexMeasurement.id))
    .limit(HISTORY)
  return rows.map(({ id: _, serverId: __, systemIdentifier: ___, database: ____, ...row }) => ({
    ...row,
    measuredAt: row.measuredAt.toISOString(),
  }))
}
