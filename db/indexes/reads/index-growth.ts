import { z } from 'zod'
import { bytes, counter, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * Size of every valid index of user tables that is no b-tree, with the rows that it holds now: what its growth beyond a baseline is told
 * by. One row a physical index; relations under an AccessExclusiveLock, held or waited for, have null sizes.
 *
 * - `table_rows` are the live rows that the statistics counted, as in index-bloat-estimate; null where they may have been lost (no
 *   VACUUM or ANALYZE is known, and they are not what pg_class says).
 * - Of a partial index `entries` are its share of them when both were last counted. GIN counts keys as it is built and rows of the
 *   table as it is vacuumed (ginbuild, ginvacuumcleanup), so of a partial GIN index they are not known.
 */
export const indexGrowth = defineRead({
  name: 'index-growth',
  about: 'Size and rows of every index that is no b-tree, for its growth beyond its baseline',
  params: z.object({}),
  row: z.object({
    indexrelid: oid,
    relid: oid,
    schemaname: z.string(),
    indexrelname: z.string(),
    relname: z.string(),
    amname: z.string(),
    relfilenode: oid,
    /** 0: the database's default. */
    reltablespace: oid,
    /** Storage parameters, as name=value, by name; empty: none is set. */
    reloptions: z.string(),
    /** Percent, of an index that has one set. */
    fillfactor: z.number().int().nullable(),
    block_size: z.number().int(),
    partial: z.boolean(),
    /** Main fork, as table_bytes. */
    bytes: bytes.nullable(),
    table_bytes: bytes.nullable(),
    table_rows: float.nullable(),
    entries: float.nullable(),
    /** Rows of the table inserted, updated and deleted. */
    table_changes: counter,
  }),
  timeout: 5_000,
  keep: 5_000,
  sql: /* sql */ `
with /* proctor:index-growth */ ${LOCKED},
counted as materialized (
  select i.indexrelid, i.indrelid, n.nspname, c.relname as indexrelname, t.relname, am.amname, c.relfilenode, c.reltablespace, c.reloptions,
         i.indpred is not null as partial, nullif(c.reltuples, -1)::float8 as index_rows, nullif(t.reltuples, -1)::float8 as reltuples,
         exists (select from locked l where l.relation in (i.indexrelid, i.indrelid)) as locked,
         pg_stat_get_live_tuples(t.oid)::float8 as live,
         (pg_stat_get_tuples_inserted(t.oid) - pg_stat_get_tuples_deleted(t.oid))::float8 as net,
         pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid) + pg_stat_get_tuples_deleted(t.oid) as table_changes,
         pg_stat_get_last_analyze_time(t.oid) is null and pg_stat_get_last_autoanalyze_time(t.oid) is null
           and pg_stat_get_last_vacuum_time(t.oid) is null and pg_stat_get_last_autovacuum_time(t.oid) is null as lost
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i' and c.relpersistence <> 't'
    join pg_am am on am.oid = c.relam and am.amname <> 'btree'
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
   where i.indisvalid and i.indisready and i.indislive and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'),
-- A session reports its changes late: an ANALYZE right after a load is followed by counters that count the load again. That is seen
-- where everything ever inserted less everything deleted is what pg_class has.
known as materialized (
  select *, case when reltuples > 0 and abs(net - reltuples) <= 0.01 * reltuples then reltuples
                 when not lost or abs(live - reltuples) <= 0.1 * reltuples then live end as table_rows
    from counted)
select indexrelid, indrelid as relid, nspname as schemaname, indexrelname, relname, amname, relfilenode, reltablespace,
       coalesce((select string_agg(option, ', ' order by option) from unnest(reloptions) option), '') as reloptions,
       (select option_value::int from pg_options_to_table(reloptions) where option_name = 'fillfactor') as fillfactor,
       current_setting('block_size')::int as block_size, partial,
       case when not locked then pg_relation_size(indexrelid) end as bytes,
       case when not locked then pg_relation_size(indrelid) end as table_bytes, table_rows,
       case when not partial then table_rows when amname <> 'gin' then index_rows * table_rows / nullif(reltuples, 0) end as entries,
       table_changes
  from known
 order by indexrelid`,
})
