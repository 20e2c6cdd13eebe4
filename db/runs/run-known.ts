import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { PastRuns, RebuiltSize } from '../commands/known'
import { consoleDb } from '../console/client'
import { indexMeasurement, run } from '../console/schema'
import { isOfSeenCluster, maybeOfSeenCluster, seenCluster } from '../console/seen-cluster'
import type { ConsoleWriter } from '../console/writer'
import type { StoredMeasurement } from '../indexes/index-measurement'

/** Older runs say little about today's server. */
const PAST_RUNS = 20
/** Below this the time is mostly overhead. */
const WORTH_BYTES = 1024 * 1024

/**
 * What the newest measurement of each index says, as far as it is still of the same file. Two measurements in
 * relation: the size then and the size after a rebuild then.
 */
export async function measuredSizes(
  serverId: string,
  database: string,
  indexes: { indexrelid: number; relfilenode: number }[],
): Promise<Record<number, RebuiltSize>> {
  if (indexes.length === 0) return {}
  const rows = await consoleDb()
    .selectDistinctOn([indexMeasurement.indexrelid])
    .from(indexMeasurement)
    .where(
      and(
        eq(indexMeasurement.serverId, serverId),
        isOfSeenCluster(indexMeasurement.systemIdentifier, serverId),
        eq(indexMeasurement.database, database),
        inArray(
          indexMeasurement.indexrelid,
          indexes.map(({ indexrelid }) => indexrelid),
        ),
      ),
    )
    .orderBy(indexMeasurement.indexrelid, desc(indexMeasurement.measuredAt))
  const files = new Map(indexes.map(({ indexrelid, relfilenode }) => [indexrelid, relfilenode]))
  const fresh = rows.filter(({ indexrelid, relfilenode, method }) => files.get(indexrelid) === relfilenode && method !== 'rebuild')
  return Object.fromEntries(
    fresh.map(({ indexrelid, bytes, rebuiltBytes, plusMinus }) => [
      indexrelid,
      { bytes, rebuiltBytes, trust: plusMinus === 0 ? { kind: 'exact' as const } : { kind: 'estimated' as const, plusMinus } },
    ]),
  )
}

/** An index right after it was built. */
export type RebuiltIndex = Pick<StoredMeasurement, 'indexrelid' | 'relfilenode' | 'bytes' | 'plusMinus' | 'detail'>

/** Notes the sizes of indexes right after they were built: what they weigh without bloat. */
export async function noteRebuilt(serverId: string, database: string, indexes: RebuiltIndex[], db: ConsoleWriter): Promise<void> {
  if (indexes.length === 0) return
  await db.insert(indexMeasurement).values(
    indexes.map((index) => ({
      ...index,
      serverId,
      database,
      systemIdentifier: seenCluster(serverId),
      measuredAt: new Date(),
      method: 'rebuild' as const,
      rebuiltBytes: index.bytes,
      plusMinus: Math.ceil(index.plusMinus), // the column holds whole points, and a ± is never said smaller than it is
    })),
  )
}

/** The runs of the same command and form on the same cluster that succeeded, as rates; null while there are none. */
export async function pastRuns(serverId: string, command: string, form: Record<string, unknown>): Promise<PastRuns | null> {
  const rows = await consoleDb()
    .select({ receipt: run.receipt })
    .from(run)
    .where(
      and(
        eq(run.serverId, serverId),
        maybeOfSeenCluster(run.systemIdentifier, serverId),
        eq(run.command, command),
        eq(run.state, 'succeeded'),
        sql`${run.input} @> ${JSON.stringify(form)}::jsonb`,
      ),
    )
    .orderBy(desc(run.id))
    .limit(PAST_RUNS)
  const worth = rows.flatMap(({ receipt }) =>
    receipt?.bytesAfter && receipt.bytesAfter >= WORTH_BYTES ? [{ ...receipt, bytesAfter: receipt.bytesAfter }] : [],
  )
  if (worth.length === 0) return null
  const rates = worth.map(({ durationMs, waitedMs, bytesAfter }) => Math.max(durationMs - waitedMs, 1) / 1000 / bytesAfter)
  const wal = worth.flatMap(({ walBytes, bytesAfter }) => (walBytes === null ? [] : [walBytes / bytesAfter]))
  return {
    runs: worth.length,
    secondsPerByte: { from: Math.min(...rates), to: Math.max(...rates) },
    walPerByte: wal.length === 0 ? null : wal.reduce((sum, one) => sum + one, 0) / wal.length,
  }
}
