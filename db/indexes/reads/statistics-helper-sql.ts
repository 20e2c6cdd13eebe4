import { COMBINATIONS, keptWidths } from './bloat-statistics-sql'

const WIDTHS = keptWidths('coalesce(nullif(y.typbasetype, 0), y.oid)', "(y.typcategory = 'S' and y.typlen = -1)")

/** The schema that holds the helper, and nothing else. */
export const HELPER_SCHEMA = 'proctor'

/**
 * The type decides how a value's text is measured, so it comes from the catalog: a caller who named another one would read
 * the value in the error.
 */
const COLUMN_STATISTICS = /* sql */ `
select s.null_frac::float8, s.avg_width::float8, s.n_distinct::float8, s.most_common_freqs,
       case when measured then ${WIDTHS.common} end, case when measured then ${WIDTHS.bounds} end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum = column_statistics.attnum
  join pg_type y on y.oid = a.atttypid
  join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
 where c.oid = column_statistics.relid`

/** The bodies of the functions, as the catalog has them: another body is not called. */
export const HELPER_BODIES = [COLUMN_STATISTICS, COMBINATIONS]

/**
 * The statements that install the helper: two functions that hand out widths, shares of NULLs, numbers of distinct values
 * and frequencies, never a value, with the rights of whoever installs them, who must be allowed to read the statistics.
 * Names are looked up in pg_catalog alone. Members of pg_monitor may call them, nobody else.
 */
export const helperStatements: readonly string[] = [
  `create schema if not exists ${HELPER_SCHEMA}`,
  `create or replace function ${HELPER_SCHEMA}.column_statistics(relid oid, attnum int2, measured boolean)
returns table (null_frac float8, avg_width float8, n_distinct float8, freqs float4[], common float8[], bounds float8[])
language sql stable security definer set search_path = pg_catalog, pg_temp
as $body$${COLUMN_STATISTICS}$body$`,
  `create or replace function ${HELPER_SCHEMA}.key_combinations()
returns table (schemaname name, tablename name, key text, nd float8)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $body$${COMBINATIONS}$body$`,
  `revoke all on function ${HELPER_SCHEMA}.column_statistics(oid, int2, boolean), ${HELPER_SCHEMA}.key_combinations() from public`,
  `grant execute on function ${HELPER_SCHEMA}.column_statistics(oid, int2, boolean), ${HELPER_SCHEMA}.key_combinations() to pg_monitor`,
  `grant usage on schema ${HELPER_SCHEMA} to pg_monitor`,
]

/** The statements that remove it again. */
export const helperRemoval = `drop function if exists ${HELPER_SCHEMA}.column_statistics(oid, int2, boolean), ${HELPER_SCHEMA}.key_combinations()`
