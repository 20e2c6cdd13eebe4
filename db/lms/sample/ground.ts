import type { Step } from './step'

/**
 * What the other steps count on, for the session only. Every choice is a hash of the row's number, so two runs
 * with one scale make the same rows; only the dates hang on the day (sample.today), because "active this week"
 * must be true today.
 */
export const GROUND: Step = {
  name: 'Preparing',
  statements: [
    /* sql */ `
      -- an interrupted run may have left rows and the index that could not be built
      drop index if exists idx_quiz_no_double_submission`,
    /* sql */ `
      truncate users, courses, lessons, sections, student_progress, section_progress, quiz_results`,
    /* sql */ `
      -- [0, 1), evenly spread, the same for the same key and salt
      create or replace function pg_temp.chance(key bigint, salt int) returns float8 language sql immutable parallel safe
      as $$ select (hashint8extended(key, salt) & 4503599627370495)::float8 / 4503599627370496 $$`,
    /* sql */ `
      create or replace function pg_temp.pick(options text[], key bigint, salt int) returns text language sql immutable parallel safe
      as $$ select options[1 + (pg_temp.chance(key, salt) * cardinality(options))::int % cardinality(options)] $$`,
    /* sql */ `
      create or replace function pg_temp.made_id(kind text, key bigint) returns uuid language sql immutable parallel safe
      as $$ select md5(kind || key)::uuid $$`,
    /* sql */ `
      create or replace function pg_temp.today() returns timestamptz language sql stable
      as $$ select current_setting('sample.today')::timestamptz $$`,
    /* sql */ `
      -- how many of a thing that there are full of at scale 1, but never fewer than that
      create or replace function pg_temp.scaled(full_count int, fewest int) returns int language sql stable
      as $$ select greatest(fewest, round(full_count * current_setting('sample.scale')::numeric)::int) $$`,
    /* sql */ `
      -- the share of what changes that changes by an UPDATE: never more rows than at scale 1, so that a large sample is not mostly churn
      create or replace function pg_temp.churned() returns float8 language sql stable
      as $$ select 1 / greatest(1, current_setting('sample.scale')::float8) $$`,
    /* sql */ `
      -- four terms of 13 weeks and a fifth that is in its seventh; the first is purged in the end
      create temp table sample_term as
      select k, date_trunc('week', pg_temp.today()) - ((5 - k) * 13 + 6) * interval '1 week' as starts,
             (array[0.1, 0.3, 0.51, 0.75, 1.01])[k]::float8 as share_below
      from generate_series(1, 5) k`,
  ],
}
