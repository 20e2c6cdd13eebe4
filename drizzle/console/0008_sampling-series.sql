-- Time series of sampling. Each is partitioned by its step (seconds a row stands for) and within a step by time. The worker makes
-- the partitions of time ahead and drops those that are older than the step's retention (history/partitions.ts).
-- A counter that did not move is NULL, which costs a bit. There are no foreign keys: a partition goes as a whole.
CREATE TABLE statement_delta (
  at timestamptz NOT NULL, total_exec_time float8, exec_time_squares float8, max_exec_time float8, total_plan_time float8,
  calls int8, rows int8, plans int8, shared_blks_hit int8, shared_blks_read int8, shared_blks_dirtied int8, shared_blks_written int8,
  local_blks int8, temp_blks_read int8, temp_blks_written int8, wal_records int8, wal_fpi int8, wal_bytes int8,
  shared_blk_read_time float8, shared_blk_write_time float8, temp_blk_time float8, jit_time float8, min_known float8, max_known float8,
  statement int4 NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX statement_delta_server ON statement_delta (server, at);
--> statement-breakpoint
CREATE INDEX statement_delta_statement ON statement_delta (statement, at);
--> statement-breakpoint
CREATE TABLE statement_window (
  at timestamptz NOT NULL, seconds float8 NOT NULL, own_time float8, evictions int8, statements int4, hidden int4, new int4,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX statement_window_server ON statement_window (server, at);
--> statement-breakpoint
CREATE TABLE database_delta (
  at timestamptz NOT NULL, xact_commit int8, xact_rollback int8, blks_read int8, blks_hit int8, tup_returned int8, tup_fetched int8,
  tup_inserted int8, tup_updated int8, tup_deleted int8, conflicts int8, temp_files int8, temp_bytes int8, deadlocks int8,
  checksum_failures int8, sessions int8, sessions_abandoned int8, sessions_fatal int8, sessions_killed int8,
  blk_read_time float8, blk_write_time float8, session_time float8, active_time float8, idle_in_transaction_time float8,
  datid oid NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX database_delta_server ON database_delta (server, at);
--> statement-breakpoint
CREATE TABLE server_delta (
  at timestamptz NOT NULL, seconds float8 NOT NULL, wal_bytes int8, checkpoints_timed int8, checkpoints_req int8,
  checkpoint_write_time float8, checkpoint_sync_time float8, buffers_checkpoint int8, buffers_clean int8, maxwritten_clean int8,
  buffers_backend int8, buffers_alloc int8, archived int8, archive_failed int8, proctor_time float8,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX server_delta_server ON server_delta (server, at);
--> statement-breakpoint
CREATE TABLE connection_sample (
  at timestamptz NOT NULL, samples int4 NOT NULL, total int8, active int8, idle int8, idle_in_transaction int8, idle_aborted int8,
  other int8, waiting_for_lock int8, oldest_transaction float8, oldest_xmin_age int8, peak int4, peak_active int4, peak_idle_in_transaction int4,
  max_connections int4 NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX connection_sample_server ON connection_sample (server, at);
--> statement-breakpoint
CREATE TABLE wait_sample (
  at timestamptz NOT NULL, queryid int8, sessions int4 NOT NULL, datid oid, step int4 NOT NULL, wait int2 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX wait_sample_server ON wait_sample (server, at);
--> statement-breakpoint
CREATE INDEX wait_sample_query ON wait_sample (queryid, at) WHERE queryid IS NOT NULL;
--> statement-breakpoint
CREATE TABLE table_delta (
  at timestamptz NOT NULL, seq_scan int8, seq_tup_read int8, idx_scan int8, idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8,
  n_tup_del int8, n_tup_hot_upd int8, n_live_tup int8, n_dead_tup int8, vacuums int4, analyzes int4,
  datid oid NOT NULL, relid oid NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX table_delta_of ON table_delta (server, datid, relid, at);
--> statement-breakpoint
CREATE TABLE index_sample (
  at timestamptz NOT NULL, bytes int8, live_bytes int8, idx_scan int8, plus_minus float4, indexrelid oid NOT NULL, datid oid NOT NULL,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX index_sample_of ON index_sample (server, datid, indexrelid, at);
--> statement-breakpoint
CREATE TABLE database_size (
  at timestamptz NOT NULL, bytes int8, datid oid NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX database_size_of ON database_size (server, at);
--> statement-breakpoint
CREATE TABLE finding_count (
  at timestamptz NOT NULL, found int4 NOT NULL, bytes int8, datid oid NOT NULL, step int4 NOT NULL, server int2 NOT NULL, verdict text NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX finding_count_of ON finding_count (server, at);
--> statement-breakpoint
DO $$
DECLARE
  series text;
  step int;
BEGIN
  FOR series, step IN VALUES
    ('statement_delta', 60), ('statement_delta', 600), ('statement_delta', 3600), ('statement_delta', 86400),
    ('statement_window', 60), ('statement_window', 600), ('statement_window', 3600), ('statement_window', 86400),
    ('database_delta', 10), ('database_delta', 60), ('database_delta', 3600), ('database_delta', 86400),
    ('server_delta', 10), ('server_delta', 60), ('server_delta', 3600), ('server_delta', 86400),
    ('connection_sample', 10), ('connection_sample', 60), ('connection_sample', 3600), ('connection_sample', 86400),
    ('wait_sample', 10), ('wait_sample', 60), ('wait_sample', 3600), ('wait_sample', 86400),
    ('table_delta', 60), ('table_delta', 3600), ('table_delta', 86400),
    ('index_sample', 3600), ('index_sample', 86400), ('database_size', 3600), ('database_size', 86400),
    ('finding_count', 3600), ('finding_count', 86400)
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%s) PARTITION BY RANGE (at)', series || '_' || step, series, step);
  END LOOP;
END;
$$;
