-- Lag of standbys and WAL that slots keep; see history/series.ts.
CREATE TABLE standby_sample (
  at timestamptz NOT NULL, flush_bytes int8, replay_bytes int8, flush_time float8, replay_time float8,
  step int4 NOT NULL, server int2 NOT NULL, standby text NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX standby_sample_of ON standby_sample (server, at);
--> statement-breakpoint
CREATE TABLE slot_sample (
  at timestamptz NOT NULL, retained_bytes int8, active int8, step int4 NOT NULL, server int2 NOT NULL, slot text NOT NULL
) PARTITION BY LIST (step);
--> statement-breakpoint
CREATE INDEX slot_sample_of ON slot_sample (server, at);
--> statement-breakpoint
DO $$
DECLARE
  series text;
  step int;
BEGIN
  FOR series, step IN
    SELECT name, seconds FROM unnest(ARRAY['standby_sample', 'slot_sample']) name, unnest(ARRAY[10, 60, 3600, 86400]) seconds
  LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%s) PARTITION BY RANGE (at)', series || '_' || step, series, step);
  END LOOP;
END;
$$;
