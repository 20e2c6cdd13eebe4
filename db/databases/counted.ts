import type { Past } from '../checks/define-check'
import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { databaseCounters } from './reads/database-counters'

type Counters = Row<typeof databaseCounters>

/** What a database counted, and over how long. */
export interface Counted {
  tempFiles: number
  tempBytes: number
  deadlocks: number
  seconds: number
  /** Of the last day, by the samples; else since the statistics count. */
  sampled: boolean
  row: Counters
}

const DAY_MS = 86_400_000

/**
 * Counters of the target's database: of the last day where at least `least` seconds of it were sampled, else since the statistics were reset.
 * Null where neither is known for that long: a rate of less says nothing. Errors: of the read.
 */
export async function countedLately(target: Target, past: Past | undefined, least: number): Promise<Result<Counted | null>> {
  const read = await runRead(target, databaseCounters, {})
  if (!read.ok) return read
  const [row] = read.value
  if (!row) return ok(null)
  const now = new Date()
  const seen = await past?.counters?.(target.database, new Date(now.getTime() - DAY_MS), now)
  if (seen && seen.seconds >= least)
    return ok({
      tempFiles: seen.temp_files,
      tempBytes: seen.temp_bytes,
      deadlocks: seen.deadlocks,
      seconds: seen.seconds,
      sampled: true,
      row,
    })
  if (row.seconds === null || row.seconds < least) return ok(null)
  return ok({
    tempFiles: Number(row.temp_files),
    tempBytes: Number(row.temp_bytes),
    deadlocks: Number(row.deadlocks),
    seconds: row.seconds,
    sampled: false,
    row,
  })
}
