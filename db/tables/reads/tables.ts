import { z } from 'zod'
import { bytes, counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'

/** The index by which a materialized view can be refreshed CONCURRENTLY: unique, of columns alone, over all rows (manual, REFRESH MATERIALIZED VIEW). */
export const refreshIndex = (
  relid: string,
) => /* sql */ `(select min(x.relname) from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am am on am.oid = x.relam
         where i.indrelid = ${relid} and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null and am.amname = 'btree'
           and not 0 = any (i.indkey::int2[]))`

/**
 * Every user table, partitioned table and materialized view with what VACUUM and ANALYZE are decided by.
 *
 * - vacuum_at, insert_at and analyze_at are the counts above which autovacuum takes the table (manual, 24.1.6):
 *   threshold + scale factor · reltuples, each from the table's own storage parameters where it has them.
 *   18 caps the first (autovacuum_vacuum_max_threshold) and lets only the share of pages that are not yet
 *   all-frozen count for the second. insert_at is null where a threshold of -1 switches it off.
 * - freeze_at is the lower of the table's and the server's autovacuum_freeze_max_age: autovacuum.c takes no higher one.
 * - A relation under an AccessExclusiveLock, held or waited for, is not touched, nor is a table whose index or
 *   TOAST table is: pg_table_size and pg_indexes_size would queue behind it. Its sizes are null, `skipped` says why.
 * - A partitioned table has no rows of its own and no age; `root` names the top of the tree for its partitions.
 */
const statement = (marker: string, maxThreshold: string, unfrozen: string, only = '') => /* sql */ `
with /* proctor:${marker} */ here as (
  select oid as datid from pg_database where datname = current_database()
), ${LOCKED_BY}, rel as materialized (
  select c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.reltoastrelid, greatest(c.reltuples, 0)::float8 as tuples,
         c.reltuples < 0 as uncounted, ${unfrozen} as unfrozen, c.relfrozenxid, c.relminmxid, c.reloptions, c.relispopulated
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'${only}
), locked_index as materialized (
  select i.indrelid, min(l.how) as how
  from locked l
  join pg_index i on i.indexrelid = l.relation
  group by i.indrelid
), own as materialized (
  select r.oid,
         bool_and(o.option_value::bool) filter (where o.option_name = 'autovacuum_enabled') as enabled,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_vacuum_threshold') as vacuum_threshold,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_vacuum_scale_factor') as vacuum_scale,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_vacuum_max_threshold') as vacuum_max,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_vacuum_insert_threshold') as insert_threshold,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_vacuum_insert_scale_factor') as insert_scale,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_analyze_threshold') as analyze_threshold,
         max(o.option_value::float8) filter (where o.option_name = 'autovacuum_analyze_scale_factor') as analyze_scale,
         max(o.option_value::int8) filter (where o.option_name = 'autovacuum_freeze_max_age') as freeze_max_age
  from rel r, pg_options_to_table(r.reloptions) o
  where r.reloptions is not null and o.option_name ^@ 'autovacuum_'
  group by r.oid
), effective as materialized (
  select r.*, coalesce(o.enabled, true) and current_setting('autovacuum')::bool and current_setting('track_counts')::bool as autovacuum,
         o.oid is not null as has_own,
         coalesce(o.vacuum_threshold, current_setting('autovacuum_vacuum_threshold')::float8)
           + coalesce(o.vacuum_scale, current_setting('autovacuum_vacuum_scale_factor')::float8) * r.tuples as vacuum_raw,
         coalesce(o.vacuum_max, ${maxThreshold}) as vacuum_max,
         coalesce(o.insert_threshold, current_setting('autovacuum_vacuum_insert_threshold')::float8) as insert_threshold,
         coalesce(o.insert_scale, current_setting('autovacuum_vacuum_insert_scale_factor')::float8) * r.tuples * r.unfrozen as insert_more,
         coalesce(o.analyze_threshold, current_setting('autovacuum_analyze_threshold')::float8)
           + coalesce(o.analyze_scale, current_setting('autovacuum_analyze_scale_factor')::float8) * r.tuples as analyze_at,
         least(o.freeze_max_age, current_setting('autovacuum_freeze_max_age')::int8)::float8 as freeze_at
  from rel r
  left join own o on o.oid = r.oid
), vacuuming as materialized (
  select p.relid, min(p.pid) as pid
  from pg_stat_progress_vacuum p, here
  where p.datid = here.datid
  group by p.relid
)
select e.oid as relid, e.nspname as schemaname, e.relname, e.relkind,
       case when e.relispartition then pg_partition_root(e.oid)::oid end as root,
       case when coalesce(lt.how, lo.how, li_toast.how) is null and e.relkind <> 'p' then pg_table_size(e.oid) end as bytes,
       case when coalesce(lt.how, li.how) is null and e.relkind <> 'p' then pg_indexes_size(e.oid) end as index_bytes,
       pg_stat_get_live_tuples(e.oid) as n_live_tup, pg_stat_get_dead_tuples(e.oid) as n_dead_tup,
       pg_stat_get_mod_since_analyze(e.oid) as n_mod_since_analyze, pg_stat_get_ins_since_vacuum(e.oid) as n_ins_since_vacuum,
       pg_stat_get_last_vacuum_time(e.oid) as last_vacuum, pg_stat_get_last_autovacuum_time(e.oid) as last_autovacuum,
       pg_stat_get_last_analyze_time(e.oid) as last_analyze, pg_stat_get_last_autoanalyze_time(e.oid) as last_autoanalyze,
       e.uncounted, e.autovacuum, e.has_own as own_parameters,
       case when e.vacuum_max >= 0 then least(e.vacuum_raw, e.vacuum_max) else e.vacuum_raw end as vacuum_at,
       case when e.insert_threshold >= 0 then e.insert_threshold + e.insert_more end as insert_at,
       e.analyze_at, e.freeze_at,
       case when e.relkind <> 'p' then age(e.relfrozenxid)::float8 end as xid_age,
       case when e.relkind <> 'p' then mxid_age(e.relminmxid)::float8 end as mxid_age,
       v.pid as vacuuming, case when e.relkind = 'm' then e.relispopulated end as populated,
       case when e.relkind = 'm' then ${refreshIndex('e.oid')} end as refresh_index, coalesce(lt.how, lo.how, li.how, li_toast.how) as skipped
from effective e
left join locked lt on lt.relation = e.oid
left join locked lo on lo.relation = e.reltoastrelid and e.reltoastrelid <> 0
left join locked_index li on li.indrelid = e.oid
left join locked_index li_toast on li_toast.indrelid = e.reltoastrelid and e.reltoastrelid <> 0
left join vacuuming v on v.relid = e.oid`

const row = z.object({
  relid: oid,
  schemaname: z.string(),
  relname: z.string(),
  /** r: a table. m: a materialized view. p: a partitioned table, which has no file. */
  relkind: z.enum(['r', 'm', 'p']),
  /** The partitioned table at the top, for a partition. */
  root: oid.nullable(),
  /** pg_table_size: all forks, TOAST included, without indexes. */
  bytes: bytes.nullable(),
  index_bytes: bytes.nullable(),
  n_live_tup: counter,
  n_dead_tup: counter,
  n_mod_since_analyze: counter,
  n_ins_since_vacuum: counter,
  last_vacuum: timestamp.nullable(),
  last_autovacuum: timestamp.nullable(),
  last_analyze: timestamp.nullable(),
  last_autoanalyze: timestamp.nullable(),
  /** Neither VACUUM nor ANALYZE has ever counted its rows (reltuples = -1). */
  uncounted: z.boolean(),
  /** Autovacuum may take it: on for the server and not switched off for the table. */
  autovacuum: z.boolean(),
  own_parameters: z.boolean(),
  vacuum_at: float,
  insert_at: float.nullable(),
  analyze_at: float,
  freeze_at: float,
  /** age(relfrozenxid), transactions. */
  xid_age: float.nullable(),
  mxid_age: float.nullable(),
  /** The backend that vacuums it now. */
  vacuuming: z.number().nullable(),
  /** Of a materialized view: whether it has rows to read at all, and the index that lets it be refreshed CONCURRENTLY. */
  populated: z.boolean().nullable(),
  refresh_index: z.string().nullable(),
  skipped: z.string().nullable(),
})

const CAP = `current_setting('autovacuum_vacuum_max_threshold')::float8`
const UNFROZEN = `case when c.relpages > 0 and c.relallfrozen > 0 then 1 - least(c.relallfrozen, c.relpages)::float8 / c.relpages else 1 end`
/** A relation and the partitions below it. */
const FAMILY = /* sql */ `
    and c.oid in (with recursive family as (select $1::oid as relid union select i.inhrelid from family f join pg_inherits i on i.inhparent = f.relid
                                             join pg_class p on p.oid = f.relid and p.relkind = 'p') select relid from family)`

export const tables = defineRead({
  name: 'tables',
  about: 'Every user table: size, dead rows, the thresholds of autovacuum, last vacuum and analyze, age',
  needs: 'pg_monitor',
  params: z.object({}),
  row,
  sql: { 14: statement('tables', '-1::float8', '1::float8'), 18: statement('tables', CAP, UNFROZEN) },
  keep: 2_000,
})

/** The same of one table, a partitioned one with its partitions: a page of one table does not look at ten thousand. */
export const tableFamily = defineRead({
  name: 'table-family',
  about: 'One user table with its partitions: size, dead rows, the thresholds of autovacuum, last vacuum and analyze, age',
  needs: 'pg_monitor',
  params: z.object({ relid: oid }),
  row,
  sql: { 14: statement('table-family', '-1::float8', '1::float8', FAMILY), 18: statement('table-family', CAP, UNFROZEN, FAMILY) },
  keep: 2_000,
})

/** Whether autovacuum does anything at all on this server. */
export const autovacuumSettings = defineRead({
  name: 'autovacuum-settings',
  about: 'Whether autovacuum and the counting that it needs are on',
  params: z.object({}),
  row: z.object({ autovacuum: z.boolean(), track_counts: z.boolean() }),
  sql: /* sql */ `
select /* proctor:autovacuum-settings */ current_setting('autovacuum')::bool as autovacuum, current_setting('track_counts')::bool as track_counts`,
  keep: 10_000,
})
