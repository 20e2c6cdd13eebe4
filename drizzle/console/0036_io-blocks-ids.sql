-- pg_stat_io, blocks of relations, transaction and multixact IDs, and last values of sequences; see history/series.ts.
CREATE TABLE io_delta (
  at timestamptz NOT NULL, reads int8, read_bytes int8, read_time float8, writes int8, write_bytes int8, write_time float8,
  extends int8, extend_bytes int8, extend_time float8, hits int8, evictions int8, reuses int8, fsyncs int8, fsync_time float8,
  step int4 NOT NULL, server int2 NOT NULL, backend_type text NOT NULL, object text NOT NULL, context text NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX io_delta_of ON io_delta (server, at);
--> statement-breakpoint
CREATE TABLE relation_io_delta (
  at timestamptz NOT NULL, seconds float8, blks_read int8, blks_hit int8, datid oid NOT NULL, relid oid NOT NULL,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX relation_io_delta_of ON relation_io_delta (server, datid, at);
--> statement-breakpoint
CREATE TABLE id_sample (
  at timestamptz NOT NULL, xid_age int8, mxid_age int8, next_xid int8, next_mxid int8, members int8,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX id_sample_of ON id_sample (server, at);
--> statement-breakpoint
CREATE TABLE sequence_sample (
  at timestamptz NOT NULL, last_value int8, datid oid NOT NULL, seqrelid oid NOT NULL, step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX sequence_sample_of ON sequence_sample (server, datid, at);
--> statement-breakpoint
DO $$
DECLARE
  series text;
  step int;
BEGIN
  FOR series, step IN VALUES
    ('io_delta', 60), ('io_delta', 600), ('io_delta', 3600), ('io_delta', 86400),
    ('relation_io_delta', 600), ('relation_io_delta', 3600), ('relation_io_delta', 86400),
    ('id_sample', 3600), ('id_sample', 86400), ('sequence_sample', 3600), ('sequence_sample', 86400)
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%s) PARTITION BY RANGE (at)', series || '_' || step, series, step);
  END LOOP;
END;
$$;
