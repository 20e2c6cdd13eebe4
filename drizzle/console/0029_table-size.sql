-- Sizes of tables, hourly where they changed; see history/series.ts.
CREATE TABLE table_size (
  at timestamptz NOT NULL, heap_bytes int8, toast_bytes int8, index_bytes int8, datid oid NOT NULL, relid oid NOT NULL,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX table_size_of ON table_size (server, datid, relid, at);
--> statement-breakpoint
CREATE TABLE table_size_3600 PARTITION OF table_size FOR VALUES IN (3600) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE table_size_86400 PARTITION OF table_size FOR VALUES IN (86400) PARTITION BY RANGE (at);
