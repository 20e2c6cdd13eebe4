import { ID_SAMPLE, IO_DELTA, RELATION_IO_DELTA, SEQUENCE_SAMPLE } from './series-of-use'
import { DAY, HOUR, MINUTE, type Series } from './series-shape'

export type { Series } from './series-shape'

export const STATEMENT_SUMS = [
  'calls',
  'total_exec_time',
  'exec_time_squares',
  'rows',
  'plans',
  'total_plan_time',
  'shared_blks_hit',
  'shared_blks_read',
  'shared_blks_dirtied',
  'shared_blks_written',
  'local_blks',
  'temp_blks_read',
  'temp_blks_written',
  'shared_blk_read_time',
  'shared_blk_write_time',
  'temp_blk_time',
  'wal_records',
  'wal_fpi',
  'wal_bytes',
  'jit_time',
] as const

export const STATEMENT_DELTA: Series = {
  name: 'statement_delta',
  steps: [MINUTE, 10 * MINUTE, HOUR, DAY],
  keys: ['statement'],
  sum: STATEMENT_SUMS,
  max: ['max_exec_time', 'max_known'],
  min: ['min_known'],
}

/** One row a sample of pg_stat_statements: what it covered, and how whole it was. */
export const STATEMENT_WINDOW: Series = {
  name: 'statement_window',
  steps: STATEMENT_DELTA.steps,
  keys: [],
  sum: ['seconds', 'own_time', 'total_exec_time', 'calls', 'evictions', 'new'],
  max: ['statements', 'hidden'],
}

const FINE = [10, MINUTE, HOUR, DAY] as const

export const DATABASE_SUMS = [
  'xact_commit',
  'xact_rollback',
  'blks_read',
  'blks_hit',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'tup_deleted',
  'conflicts',
  'temp_files',
  'temp_bytes',
  'deadlocks',
  'checksum_failures',
  'sessions',
  'sessions_abandoned',
  'sessions_fatal',
  'sessions_killed',
  'blk_read_time',
  'blk_write_time',
  'session_time',
  'active_time',
  'idle_in_transaction_time',
] as const

export const DATABASE_DELTA: Series = { name: 'database_delta', steps: FINE, keys: ['datid'], sum: DATABASE_SUMS }

export const SERVER_SUMS = [
  'wal_bytes',
  'checkpoints_timed',
  'checkpoints_req',
  'checkpoint_write_time',
  'checkpoint_sync_time',
  'buffers_checkpoint',
  'buffers_clean',
  'maxwritten_clean',
  'buffers_backend',
  'buffers_alloc',
  'archived',
  'archive_failed',
] as const

export const SERVER_DELTA: Series = {
  name: 'server_delta',
  steps: FINE,
  keys: [],
  sum: ['seconds', ...SERVER_SUMS, 'proctor_time'],
}

export const CONNECTION_STATES = ['total', 'active', 'idle', 'idle_in_transaction', 'idle_aborted', 'other', 'waiting_for_lock'] as const

export const CONNECTION_SAMPLE: Series = {
  name: 'connection_sample',
  steps: FINE,
  keys: [],
  sum: ['samples', ...CONNECTION_STATES],
  max: ['oldest_transaction', 'oldest_xmin_age', 'peak', 'peak_active', 'peak_idle_in_transaction', 'max_connections'],
}

export const WAIT_SAMPLE: Series = { name: 'wait_sample', steps: FINE, keys: ['wait', 'queryid', 'datid'], sum: ['sessions'] }

export const TABLE_SUMS = [
  'seq_scan',
  'seq_tup_read',
  'idx_scan',
  'idx_tup_fetch',
  'n_tup_ins',
  'n_tup_upd',
  'n_tup_del',
  'n_tup_hot_upd',
  'vacuums',
  'analyzes',
] as const

export const TABLE_DELTA: Series = {
  name: 'table_delta',
  steps: [MINUTE, HOUR, DAY],
  keys: ['datid', 'relid'],
  sum: TABLE_SUMS,
  last: ['n_live_tup', 'n_dead_tup'],
}

/** Files of a table, bytes: its heap with the maps, its TOAST table with the index of that, its indexes. Written where they changed. */
export const TABLE_SIZE: Series = {
  name: 'table_size',
  steps: [HOUR, DAY],
  keys: ['datid', 'relid'],
  sum: [],
  last: ['heap_bytes', 'toast_bytes', 'index_bytes'],
}

/** Tables that waited for autovacuum, by database, and their dead rows. */
export const VACUUM_BACKLOG: Series = {
  name: 'vacuum_backlog',
  steps: TABLE_DELTA.steps,
  keys: ['datid'],
  sum: ['samples', 'waiting'],
  max: ['most', 'dead_rows'],
}

/** idx_scan stands as the server counted it; whoever reads takes differences. */
export const INDEX_SAMPLE: Series = {
  name: 'index_sample',
  steps: [HOUR, DAY],
  keys: ['datid', 'indexrelid'],
  sum: [],
  last: ['bytes', 'live_bytes', 'idx_scan', 'plus_minus'],
}

export const DATABASE_SIZE: Series = { name: 'database_size', steps: [HOUR, DAY], keys: ['datid'], sum: [], last: ['bytes'] }

export const FINDING_COUNT: Series = {
  name: 'finding_count',
  steps: [HOUR, DAY],
  keys: ['datid', 'verdict'],
  sum: [],
  last: ['found', 'bytes'],
}

/** How far each standby is behind, by its name: the worst of each bucket. No time while nothing is left to replay. */
export const STANDBY_SAMPLE: Series = {
  name: 'standby_sample',
  steps: FINE,
  keys: ['standby'],
  sum: [],
  max: ['flush_bytes', 'replay_bytes', 'flush_time', 'replay_time'],
}

/** What each slot keeps of the WAL; active: 1 where it had a reader at any time of the bucket. */
export const SLOT_SAMPLE: Series = { name: 'slot_sample', steps: FINE, keys: ['slot'], sum: [], max: ['retained_bytes', 'active'] }

/** Every series, for roll-ups and retention. */
export const SERIES: readonly Series[] = [
  STATEMENT_DELTA,
  STATEMENT_WINDOW,
  DATABASE_DELTA,
  SERVER_DELTA,
  CONNECTION_SAMPLE,
  WAIT_SAMPLE,
  TABLE_DELTA,
  TABLE_SIZE,
  VACUUM_BACKLOG,
  INDEX_SAMPLE,
  DATABASE_SIZE,
  FINDING_COUNT,
  STANDBY_SAMPLE,
  SLOT_SAMPLE,
  IO_DELTA,
  RELATION_IO_DELTA,
  ID_SAMPLE,
  SEQUENCE_SAMPLE,
]

/** The table that holds the rows of one step. */
export const tableOf = ({ name }: Series, step: number): string => `${name}_${step}`
