/**
 * What ANALYZE found of the columns in b-trees, in the form that the estimate takes: shares, counts and the widths of the
 * values that it kept, never the values.
 */

/** Bytes of a value inside an index tuple, from its text; null for a type that has no short way to know. */
export const bytesOf = (value: string, type: string, isText: string): string => /* sql */ `
  case when ${isText} then octet_length(${value}) + case when octet_length(${value}) > 126 then 4 else 1 end
       when ${type} = 'name'::regtype then octet_length(${value}) + 1
       when ${type} = 'bytea'::regtype then octet_length(${value}) / 2 - 1 + case when octet_length(${value}) > 254 then 4 else 1 end
       else (select size - case when size <= 130 then 3 else 0 end
               from (select case ${[
                 'numeric',
                 'inet',
                 'cidr',
                 'jsonb',
                 'varbit',
                 'int4[]',
                 'int8[]',
                 'text[]',
                 'varchar[]',
                 'uuid[]',
                 'int4range',
                 'int8range',
                 'numrange',
                 'daterange',
                 'tsrange',
                 'tstzrange',
               ]
                 .map((name) => `when ${type} = '${name}'::regtype then pg_column_size(${value}::${name})`)
                 .join(' ')} end as size) s) end::float8`

/** The share of values that end so many bytes after a word of 8. */
export const PHASES = [0, 1, 2, 3, 4, 5, 6, 7]
  .map((phase) => `coalesce(sum(weight) filter (where mod(bytes::int, 8) = ${phase}), 0) / sum(weight)`)
  .join(', ')

/** Of how many columns the kept values are measured, those of the largest indexes first: it takes a tenth of a millisecond each. */
const MEASURED_COLUMNS = 2_000

/** The widths of the values that ANALYZE kept: the most common ones in their order, and the bounds of the histogram. */
export const keptWidths = (type: string, isText: string) => ({
  common: /* sql */ `(select array_agg(${bytesOf('v', type, isText)} order by at) from unnest(most_common_vals::text::text[]) with ordinality u(v, at))`,
  bounds: /* sql */ `(select array_agg(${bytesOf('v', type, isText)}) from unnest(histogram_bounds::text::text[]) v)`,
})

const WIDTHS = keptWidths('c.type', 'c.is_text')

/** Extended statistics: n_distinct of a set of key columns. */
export const COMBINATIONS = /* sql */ `
select e.schemaname, e.tablename, j.key, max(j.value::float8) as nd
  from pg_stats_ext e, json_each_text(e.n_distinct::text::json) j where e.n_distinct is not null group by 1, 2, 3`

/** The columns of which statistics are wanted, and whether their values are to be measured. */
const WANTED = /* sql */ `select *, row_number() over (order by attlen < 0 desc, bytes desc) <= ${MEASURED_COLUMNS} and attlen < 0 as measured from columns where wanted`

/** The statistics from pg_stats: the role must be allowed to read the columns. */
export const FROM_PG_STATS = /* sql */ `
together as materialized (${COMBINATIONS}),
found as materialized (
  select c.indexrelid, c.pos, s.null_frac::float8 as null_frac, s.avg_width::float8 as avg_width, s.n_distinct::float8 as n_distinct, s.freqs, s.common, s.bounds
    from (${WANTED}) c
    -- row by row: joined whole, the view would ask for the privileges on every column of the database
    join lateral (
      select null_frac, avg_width, n_distinct, most_common_freqs as freqs,
             case when c.measured then ${WIDTHS.common} end as common, case when c.measured then ${WIDTHS.bounds} end as bounds
        from pg_stats s where s.schemaname = c.nspname and s.tablename = c.stats_table and s.attname = c.stats_column and not s.inherited offset 0) s on true),
`

/** The same from the functions of statistics-helper-sql.ts, which a role needs no right on the columns for. */
export const FROM_HELPER = /* sql */ `
together as materialized (select schemaname, tablename, key, nd from proctor.key_combinations()),
found as materialized (
  select c.indexrelid, c.pos, s.null_frac, s.avg_width, s.n_distinct, s.freqs, s.common, s.bounds
    from (${WANTED}) c,
         lateral proctor.column_statistics(case when c.heapattnum is null then c.indexrelid else c.indrelid end, coalesce(c.heapattnum, c.pos)::int2, c.measured) s),
`
