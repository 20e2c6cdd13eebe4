import type { Given } from './define-parameter'

/** Who takes how many of max_worker_processes. */
export interface Takers {
  /** Workers of parallel query and of parallel maintenance, which share max_parallel_workers. */
  parallel: number
  /** The launcher, and all that logical replication may start (manual, 29.13). */
  logical: number
  /** Libraries with workers of their own. */
  extensions: { name: string; workers: number }[]
  /** Of extensions: by what is known of the libraries, or as many as run now where that is more. */
  ofExtensions: number
}

type Count = (given: Given) => number

/**
 * Background workers of libraries in shared_preload_libraries, by their documentation: what each may have at once. pglogical and
 * spock: one a database and one a node, the ten of their README. TimescaleDB: its own setting, the launcher and two more.
 */
const LIBRARIES: Record<string, Count> = {
  timescaledb: ({ now }) => 3 + (now('timescaledb.max_background_workers') ?? 16),
  pglogical: ({ around }) => Math.max(10, 2 + 2 * around.databases),
  spock: ({ around }) => Math.max(10, 2 + 2 * around.databases),
  bdr: ({ around }) => Math.max(10, 2 + 2 * around.databases),
  pg_cron: ({ now, text }) => 1 + (text('cron.use_background_workers') === 'on' ? (now('cron.max_running_jobs') ?? 5) : 0),
  citus: ({ now, around }) => around.databases + (now('citus.max_background_task_executors') ?? 4),
  pg_squeeze: ({ now, around }) => 1 + around.databases * (now('squeeze.workers_per_database') ?? 1),
  pg_partman_bgw: ({ text }) => 1 + namesIn(text('pg_partman_bgw.dbname') ?? '').length,
  // The leader, and one worker for a database after the other.
  pg_prewarm: () => 2,
  pgautofailover: ({ around }) => 1 + around.databases,
  powa: () => 1,
  pg_wait_sampling: () => 1,
  pg_failover_slots: () => 1,
  pg_net: () => 1,
}

/** Libraries that hook into sessions and start no worker. */
const WITHOUT_WORKERS = new Set([
  'anon',
  'auth_delay',
  'auto_explain',
  'basebackup_to_shell',
  'basic_archive',
  'credcheck',
  'passwordcheck',
  'pg_hint_plan',
  'pg_qualstats',
  'pg_stat_kcache',
  'pg_stat_monitor',
  'pg_stat_statements',
  'pg_store_plans',
  'pgaudit',
  'pgauditlogtofile',
  'plpgsql',
  'sepgsql',
  'set_user',
  'test_decoding',
  'wal2json',
])

export function takersOf(given: Given): Takers {
  const { memory, now, text, around } = given
  const libraries = [...new Set(namesIn(text('shared_preload_libraries') ?? ''))].filter((name) => !WITHOUT_WORKERS.has(name))
  // Of a library that is not known, at least the one worker that it may start.
  const extensions = libraries.map((name) => ({ name, workers: LIBRARIES[name]?.(given) ?? 1 }))
  const known = extensions.reduce((sum, { workers }) => sum + workers, 0)
  return {
    parallel: memory.parallelWorkers,
    logical: (now('max_logical_replication_workers') ?? 4) + 1,
    extensions,
    ofExtensions: Math.max(known, around.extensionWorkers),
  }
}

/** Names in a list that PostgreSQL splits at commas: of libraries without their folder, and the version that some carry. */
const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim().replaceAll('"', '').replace(/^.*\//, '').replace(/\.so$/, ''))
    .map((name) => name.replace(/-\d+(\.\d+)*$/, ''))
    .filter((name) => name !== '')

/** 4 for parallel query, 25 for logical replication, 19 for timescaledb. */
export function formatTakers({ parallel, logical, extensions, ofExtensions }: Takers): string {
  const known = extensions.reduce((sum, { workers }) => sum + workers, 0)
  const named =
    known >= ofExtensions ? extensions.map(({ name, workers }) => `${workers} for ${name}`) : [`${ofExtensions} of extensions run now`]
  return [`${parallel} for parallel query`, `${logical} for logical replication and its launcher`, ...named].join(', ')
}
