import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Small tables pass their threshold all the time, and are done in a moment. */
const LEAST_DEAD = 10_000

/**
 * Cumulative statistics of the user tables of a database that were ever used (manual, 27.2.19), from the functions beneath
 * pg_stat_user_tables: the view itself adds up the indexes of each table by a plan that costs three times as much.
 *
 * A table waits for autovacuum when it has twice the dead rows at which autovacuum takes it (manual, 24.1.6; its own storage
 * parameters count), more than a few thousand, and neither autovacuum nor anybody else vacuumed it for an hour: one that is
 * vacuumed in vain, because an old snapshot still needs the rows, does not wait.
 */
const statement = (threshold: string) => /* sql */ `
with /* proctor:table-statistics */ used as materialized (
  select c.oid as relid, pg_stat_get_numscans(c.oid) as seq_scan, pg_stat_get_tuples_returned(c.oid) as seq_tup_read,
         pg_stat_get_tuples_inserted(c.oid) as n_tup_ins, pg_stat_get_tuples_updated(c.oid) as n_tup_upd,
         pg_stat_get_tuples_deleted(c.oid) as n_tup_del, pg_stat_get_tuples_hot_updated(c.oid) as n_tup_hot_upd,
         pg_stat_get_tuples_fetched(c.oid) as fetched, pg_stat_get_live_tuples(c.oid) as n_live_tup,
         pg_stat_get_dead_tuples(c.oid) as n_dead_tup, pg_stat_get_vacuum_count(c.oid) + pg_stat_get_autovacuum_count(c.oid) as vacuums,
         pg_stat_get_analyze_count(c.oid) + pg_stat_get_autoanalyze_count(c.oid) as analyzes, c.reltuples, c.reloptions
    from pg_class c
   where c.relkind in ('r', 'm') and c.relpersistence <> 't' and c.oid >= 16384
), by_index as (
  select i.indrelid, sum(pg_stat_get_numscans(i.indexrelid))::int8 as idx_scan, sum(pg_stat_get_tuples_fetched(i.indexrelid))::int8 as fetched
    from pg_index i
   where i.indrelid >= 16384
   group by i.indrelid
), waiting as materialized (
  select u.relid
    from used u,
         lateral (select coalesce(bool_and(option_value::bool) filter (where option_name = 'autovacuum_enabled'), true) as enabled,
                         coalesce(max(option_value::float8) filter (where option_name = 'autovacuum_vacuum_threshold'),
                                  current_setting('autovacuum_vacuum_threshold')::float8)
                         + coalesce(max(option_value::float8) filter (where option_name = 'autovacuum_vacuum_scale_factor'),
                                    current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(u.reltuples, 0) as vacuum_raw,
                         ${threshold} as vacuum_max
                    from pg_options_to_table(u.reloptions)) o
   where u.n_dead_tup > ${LEAST_DEAD} and o.enabled
     and u.n_dead_tup > 2 * case when o.vacuum_max >= 0 then least(o.vacuum_raw, o.vacuum_max) else o.vacuum_raw end
     and coalesce(greatest(pg_stat_get_last_vacuum_time(u.relid), pg_stat_get_last_autovacuum_time(u.relid)) < now() - interval '1 hour', true)
)
select u.relid, u.seq_scan, u.seq_tup_read, coalesce(i.idx_scan, 0) as idx_scan, coalesce(i.fetched, 0) + u.fetched as idx_tup_fetch,
       u.n_tup_ins, u.n_tup_upd, u.n_tup_del, u.n_tup_hot_upd, u.n_live_tup, u.n_dead_tup, u.vacuums, u.analyzes,
       w.relid is not null as waiting
  from used u
  left join by_index i on i.indrelid = u.relid
  left join waiting w on w.relid = u.relid
 where u.seq_scan + u.n_tup_ins + u.n_tup_upd + u.n_tup_del + u.vacuums + u.analyzes + coalesce(i.idx_scan, 0) > 0`

export const tableStatistics = defineRead({
  name: 'table-statistics',
  about: 'Scans, changed and dead rows of every user table, as counted',
  params: z.object({}),
  row: z.object({
    relid: oid,
    seq_scan: counter,
    seq_tup_read: counter,
    idx_scan: counter,
    idx_tup_fetch: counter,
    n_tup_ins: counter,
    n_tup_upd: counter,
    n_tup_del: counter,
    n_tup_hot_upd: counter,
    n_live_tup: counter,
    n_dead_tup: counter,
    vacuums: counter,
    analyzes: counter,
    /** It waits for autovacuum: see above. */
    waiting: z.boolean(),
  }),
  timeout: 5_000,
  keep: 0,
  sql: {
    14: statement('-1::float8'),
    18: statement(
      `coalesce(max(option_value::float8) filter (where option_name = 'autovacuum_vacuum_max_threshold'),
                                  current_setting('autovacuum_vacuum_max_threshold')::float8)`,
    ),
  },
})
