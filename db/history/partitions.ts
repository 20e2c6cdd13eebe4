import type { Query } from './insert-rows'
import type { Retention } from './retention'
import { SERIES, tableOf } from './series'

const DAY = 86_400
/** How long a partition of a step is, in seconds: long enough for few of them, short enough that retention is kept. */
const LENGTH: Record<number, number> = { 10: DAY, 60: DAY, 600: DAY, 3600: 7 * DAY, 86400: 90 * DAY }
/** Chosen once; workers look after partitions one after another. */
const PARTITION_LOCK = 7_317_402
/** Chosen once; held by a backup, which reads for long: a partition that goes under it would hold up everybody who writes. */
export const PARTITIONS_IN_USE = 7_317_403

/**
 * Makes the partitions for the time of `now` and one ahead, and drops those of which every row is older than its step is
 * kept. Runs within a transaction of the caller's. Gives back the names of those that were dropped.
 */
export async function keepPartitions(query: Query, now: Date, retention: Retention): Promise<string[]> {
  await query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK])
  await query(`set local lock_timeout = '5s'`)
  const { rows } = await query(/* sql */ `
select parent.relname as parent, child.relname as name
  from pg_inherits i join pg_class parent on parent.oid = i.inhparent join pg_class child on child.oid = i.inhrelid
 where parent.relnamespace = current_schema()::regnamespace and child.relkind = 'r'`)
  const there = Map.groupBy(rows as { parent: string; name: string }[], ({ parent }) => parent)
  const dropped: string[] = []
  const mayDrop = await isFree(query)
  for (const series of SERIES) {
    for (const step of series.steps) {
      const parent = tableOf(series, step)
      const length = LENGTH[step] as number
      const names = new Set((there.get(parent) ?? []).map(({ name }) => name))
      const current = Math.floor(now.getTime() / 1000 / length) * length
      for (const from of [current, current + length]) {
        const name = `${parent}_p${from}`
        if (names.has(name)) continue
        // CREATE … PARTITION OF would lock the parent against those who read it; ATTACH does not (manual, ALTER TABLE).
        await query(`create table ${name} (like ${parent} including all)`)
        await query(
          `alter table ${parent} attach partition ${name} for values from (to_timestamp(${from})) to (to_timestamp(${from + length}))`,
        )
      }
      const oldest = now.getTime() / 1000 - (retention[step] ?? Number.POSITIVE_INFINITY)
      for (const name of names) {
        const from = Number(name.slice(name.lastIndexOf('_p') + 2))
        if (!mayDrop || !(from + length <= oldest)) continue
        await query(`drop table ${name}`)
        dropped.push(name)
      }
    }
  }
  return dropped
}

/** Whether nobody reads all partitions; until the end of the transaction nobody begins to. */
async function isFree(query: Query): Promise<boolean> {
  const { rows } = await query('select pg_try_advisory_xact_lock($1) as free', [PARTITIONS_IN_USE])
  return (rows as { free: boolean }[])[0]?.free === true
}

/** What stands beside the series, and the step with whose rows it goes. */
const BESIDE: [table: string, column: string, step: number][] = [
  ['statement_example', 'at', 600],
  ['statement_application', 'last_seen', 3600],
  ['xmin_holder', 'last_seen', 3600],
  ['index_name', 'last_seen', 86400],
  ['server_event', 'at', 86400],
  ['setting_change', 'at', 86400],
  ['finding', 'ended_at', 86400],
  ['check_look', 'tried_at', 86400],
]

/** Removes what stands beside the series when the rows that it explains are gone. */
export async function forgetOld(query: Query, now: Date, retention: Retention): Promise<void> {
  for (const [table, column, step] of BESIDE) {
    await query(`delete from ${table} where ${column} < $1`, [new Date(now.getTime() - (retention[step] ?? 0) * 1000)])
  }
  // A statement that has left no row in any step, and was first seen before the last of them began.
  const oldest = new Date(now.getTime() - (retention[86400] ?? 0) * 1000)
  await query('delete from statement s where first_seen < $1 and not exists (select from statement_delta d where d.statement = s.id)', [
    oldest,
  ])
}
