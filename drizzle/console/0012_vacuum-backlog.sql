-- Tables that waited for autovacuum at each look at a database, and their dead rows; see history/series.ts.
CREATE TABLE vacuum_backlog (
  at timestamptz NOT NULL, dead_rows int8, samples int4 NOT NULL, waiting int4, most int4 NOT NULL, datid oid NOT NULL,
  step int4 NOT NULL, server int2 NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX vacuum_backlog_of ON vacuum_backlog (server, at);
--> statement-breakpoint
CREATE TABLE vacuum_backlog_60 PARTITION OF vacuum_backlog FOR VALUES IN (60) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE vacuum_backlog_3600 PARTITION OF vacuum_backlog FOR VALUES IN (3600) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE vacuum_backlog_86400 PARTITION OF vacuum_backlog FOR VALUES IN (86400) PARTITION BY RANGE (at);
