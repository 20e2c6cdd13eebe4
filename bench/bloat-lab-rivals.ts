/**
 * The usual ways to guess index bloat, each as one statement that gives bloat in bytes for the index $1.
 * Written from the published formulas: ioguix (pgsql-bloat-estimation, btree_bloat), PgHero 3.6 (index_bloat),
 * check_postgres (bloat), and pgstattuple's pgstatindex read the way most scripts read it, 100 − avg_leaf_density.
 */

/** Key columns with their statistics: pg_stats of the table, or of the index itself for an expression. */
const KEY_COLUMNS = /* sql */ `
  select a.attnum, coalesce(h.atttypid, a.atttypid) as atttypid, h.attnum is null as expression, s.null_frac, s.avg_width
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid
    join pg_attribute a on a.attrelid = i.indexrelid
    left join pg_attribute h on h.attrelid = i.indrelid and h.attnum = i.indkey[a.attnum - 1] and h.attnum > 0
    left join pg_stats s on s.schemaname = 'public' and not s.inherited
                        and s.tablename = case when h.attnum is null then c.relname else t.relname end
                        and s.attname = coalesce(h.attname, a.attname)
   where i.indexrelid = $1`

const FACTS = /* sql */ `
  select c.oid, c.reltuples::float8 as tuples, c.relpages::float8 as pages, t.reltuples::float8 as table_tuples,
         coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as ff
    from pg_class c join pg_index i on i.indexrelid = c.oid join pg_class t on t.oid = i.indrelid where c.oid = $1`

export const RIVALS: Record<string, string> = {
  'pgstatindex naive': /* sql */ `
    select pg_relation_size($1::oid) * (100 - case when avg_leaf_density = 'NaN' then 100 else avg_leaf_density end) / 100 as bloat
      from pgstatindex($1::oid::regclass)`,

  ioguix: /* sql */ `
    with k as (${KEY_COLUMNS}), f as (${FACTS}),
    w as (select sum((1 - coalesce(null_frac, 0)) * coalesce(avg_width, 1024)) as data,
                 case when max(coalesce(null_frac, 0)) > 0 then 12 else 8 end as header from k),
    t as (select ceil(header / 8.0) * 8 + ceil(data / 8) * 8 as tuple from w)
    select 8192 * (pages - (1 + ceil(tuples / floor((8192 - 40) * ff / 100 / (4 + tuple))))) as bloat from f, t`,

  PgHero: /* sql */ `
    with k as (${KEY_COLUMNS}), f as (${FACTS}),
    w as (select sum((1 - coalesce(null_frac, 0)) * coalesce(avg_width, 1024)) as data,
                 case when max(coalesce(null_frac, 0)) > 0 then 8 else 2 end as header from k where not expression),
    t as (select 6 + header + case when header % 8 = 0 then 0 else 8 - header % 8 end - 6
                 + data + case when ceil(data)::int % 8 = 0 then 8 else 8 - ceil(data)::int % 8 end as tuple from w)
    select 8192 * (pages - coalesce(ceil(tuples * (4 + tuple) / (8192 - 40)) + 1, 0)) as bloat from f, t`,

  check_postgres: /* sql */ `
    with f as (${FACTS}),
    w as (select 23 + sum((1 - s.null_frac) * s.avg_width) as row_bytes
            from pg_index i join pg_class t on t.oid = i.indrelid
            join pg_stats s on s.schemaname = 'public' and s.tablename = t.relname where i.indexrelid = $1)
    select 8192 * greatest(0, pages - ceil(table_tuples * (row_bytes - 12) / (8192 - 20))) as bloat from f, w`,
}
