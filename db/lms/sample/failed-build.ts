import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, DatabaseError } from 'pg'

/**
 * A unique build that fails the way they fail in life: late, on a row that came in while it went on.
 *
 * CREATE UNIQUE INDEX CONCURRENTLY first waits for the writers that are there (`earlier`). One that comes while it
 * waits (`doubleClick`) does not know the index yet, and its row is not seen by the build either; the validation
 * finds it, refuses it (23505) and leaves the index behind: invalid, at full size, and maintained by every write.
 * Manual: CREATE INDEX, "Building Indexes Concurrently".
 */
const build = (table: string): string =>
  /* sql */ `create unique index concurrently idx_quiz_no_double_submission on ${table} (user_id, section_id, created_at)`

/** Nothing is built CONCURRENTLY on a partitioned table: its largest partition stands for it. */
const TABLE = /* sql */ `
  select coalesce((select relid from pg_partition_tree('quiz_results') where isleaf order by pg_relation_size(relid) desc, relid limit 1),
                  'quiz_results'::regclass)::text as name`

/** A form that was sent twice. */
const double = (table: string): string => /* sql */ `
  insert into quiz_results (user_id, section_id, score, max_score, time_taken, answers, created_at)
  select user_id, section_id, score, max_score, time_taken, answers, created_at
  from ${table} where id = (select min(id::text)::uuid from ${table})`

/** What the builder waits for, as its progress report has it; no row once it is gone. */
const PHASE = /* sql */ `select phase from pg_stat_progress_create_index where pid = $1`

interface Sessions {
  earlier: Client
  doubleClick: Client
  builder: Client
  watcher: Client
}

/** Leaves idx_quiz_no_double_submission invalid. Throws when the build succeeds, or fails for another cause. */
export async function failUniqueBuild({ earlier, doubleClick, builder, watcher }: Sessions): Promise<void> {
  const pid = (await builder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid
  const table = (await builder.query<{ name: string }>(TABLE)).rows[0]?.name ?? 'quiz_results'
  await earlier.query('begin')
  await earlier.query(`lock table ${table} in row exclusive mode`)
  let ended = false
  const refusal = builder.query(build(table)).then(
    () => undefined,
    (error: unknown) => error,
  )
  refusal.then(() => (ended = true))
  const until = async (phase: string): Promise<void> => {
    for (let waited = 0; waited < 60_000 && !ended; waited += 20) {
      const now = (await watcher.query<{ phase: string }>(PHASE, [pid])).rows[0]?.phase
      if (now === phase) return
      await sleep(20)
    }
  }
  await until('waiting for writers before build')
  await doubleClick.query('begin')
  await doubleClick.query(double(table))
  await earlier.query('commit')
  await until('waiting for writers before validation')
  await doubleClick.query('commit')
  const error = await refusal
  if (!(error instanceof DatabaseError && error.code === '23505')) {
    throw error ?? new Error('The unique build was meant to fail on a duplicate, and did not')
  }
}
