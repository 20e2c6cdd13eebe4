import { z } from 'zod'
import { counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

/**
 * What relation_needs_vacanalyze in autovacuum.c decides by, of a table and of its TOAST table, which is vacuumed by itself: each parameter
 * is the table's own where it has one, and a TOAST table without any takes those of its table (do_autovacuum). 18 caps the threshold for
 * dead rows and lets only pages that are not all-frozen count for inserts; before it both are null.
 */
const statement = (cap: string, frozen: string) => /* sql */ `
with /* proctor:autovacuum-formula */ rel as (
  select 'heap' as part, c.oid, c.reltuples, c.relpages, ${frozen} as frozen, c.relfrozenxid, c.relminmxid, c.reloptions
    from pg_class c where c.oid = $1 and c.relkind in ('r', 'm')
   union all
  select 'toast', t.oid, t.reltuples, t.relpages, ${frozen.replaceAll('c.', 't.')}, t.relfrozenxid, t.relminmxid, coalesce(t.reloptions, c.reloptions)
    from pg_class c join pg_class t on t.oid = c.reltoastrelid where c.oid = $1 and c.relkind in ('r', 'm')
), own as (
  select r.*, o.options, array(select jsonb_object_keys(o.options)) as names
    from rel r,
         lateral (select coalesce(jsonb_object_agg(option_name, option_value), '{}') as options
                    from pg_options_to_table(r.reloptions) where option_name ^@ 'autovacuum_') o
), worker as (
  select count(*)::int as busy from pg_stat_activity where backend_type = 'autovacuum worker'
)
select part, oid as relid, greatest(reltuples, 0)::float8 as reltuples, reltuples < 0 as uncounted, relpages, frozen as frozen_pages, names as own,
       current_setting('autovacuum')::bool as autovacuum, current_setting('track_counts')::bool as track_counts,
       coalesce((options->>'autovacuum_enabled')::bool, true) as enabled,
       pg_stat_get_dead_tuples(oid) as dead, pg_stat_get_ins_since_vacuum(oid) as inserted, pg_stat_get_mod_since_analyze(oid) as modified,
       age(relfrozenxid)::float8 as xid_age, mxid_age(relminmxid)::float8 as mxid_age,
       coalesce((options->>'autovacuum_vacuum_threshold')::float8, current_setting('autovacuum_vacuum_threshold')::float8) as vacuum_threshold,
       coalesce((options->>'autovacuum_vacuum_scale_factor')::float8, current_setting('autovacuum_vacuum_scale_factor')::float8) as vacuum_scale,
       ${cap} as vacuum_cap,
       coalesce((options->>'autovacuum_vacuum_insert_threshold')::float8, current_setting('autovacuum_vacuum_insert_threshold')::float8) as insert_threshold,
       coalesce((options->>'autovacuum_vacuum_insert_scale_factor')::float8, current_setting('autovacuum_vacuum_insert_scale_factor')::float8) as insert_scale,
       coalesce((options->>'autovacuum_analyze_threshold')::float8, current_setting('autovacuum_analyze_threshold')::float8) as analyze_threshold,
       coalesce((options->>'autovacuum_analyze_scale_factor')::float8, current_setting('autovacuum_analyze_scale_factor')::float8) as analyze_scale,
       least((options->>'autovacuum_freeze_max_age')::float8, current_setting('autovacuum_freeze_max_age')::float8) as freeze_max_age,
       least((options->>'autovacuum_multixact_freeze_max_age')::float8, current_setting('autovacuum_multixact_freeze_max_age')::float8) as multixact_freeze_max_age,
       coalesce(nullif((options->>'autovacuum_vacuum_cost_delay')::float8, -1), nullif(delay.ms, -1), usual_delay.ms) as cost_delay,
       coalesce(nullif((options->>'autovacuum_vacuum_cost_limit')::float8, -1), nullif(current_setting('autovacuum_vacuum_cost_limit')::float8, -1),
                current_setting('vacuum_cost_limit')::float8) as cost_limit,
       (select extract(epoch from current_setting('autovacuum_naptime')::interval))::float8 as naptime, current_setting('autovacuum_max_workers')::int as max_workers,
       case when ${seesAs("'pg_read_all_stats'")} then worker.busy end as workers,
       pg_stat_get_last_vacuum_time(oid) as last_vacuum, pg_stat_get_last_autovacuum_time(oid) as last_autovacuum,
       pg_stat_get_last_analyze_time(oid) as last_analyze, pg_stat_get_last_autoanalyze_time(oid) as last_autoanalyze,
       pg_stat_get_autovacuum_count(oid) as autovacuum_count, clock_timestamp() as server_now
  from own, worker,
       lateral (select setting::float8 as ms from pg_settings where name = 'autovacuum_vacuum_cost_delay') delay,
       lateral (select setting::float8 as ms from pg_settings where name = 'vacuum_cost_delay') usual_delay
 order by part`

export const autovacuumFormula = defineRead({
  name: 'autovacuum-formula',
  about:
    'When autovacuum takes a table and its TOAST table: each parameter as it holds for them, what they are compared with, and its pace',
  needs: 'pg_read_all_stats',
  params: z.object({ relid: oid }),
  row: z.object({
    part: z.enum(['heap', 'toast']),
    relid: oid,
    /** As autovacuum takes them: 0 while nobody has counted. */
    reltuples: float,
    uncounted: z.boolean(),
    relpages: z.number(),
    /** All-frozen pages; null before 18. */
    frozen_pages: z.number().nullable(),
    /** Names of the parameters of its own. */
    own: z.array(z.string()),
    autovacuum: z.boolean(),
    track_counts: z.boolean(),
    enabled: z.boolean(),
    dead: counter,
    inserted: counter,
    modified: counter,
    xid_age: float,
    mxid_age: float,
    vacuum_threshold: float,
    vacuum_scale: float,
    /** -1: none. null before 18. */
    vacuum_cap: float.nullable(),
    /** -1: inserts alone never bring it. */
    insert_threshold: float,
    insert_scale: float,
    analyze_threshold: float,
    analyze_scale: float,
    freeze_max_age: float,
    multixact_freeze_max_age: float,
    /** ms; 0: it never waits. */
    cost_delay: float,
    cost_limit: float,
    /** Seconds. */
    naptime: float,
    max_workers: z.number(),
    /** At work on this server now; null: the role does not see them. */
    workers: z.number().nullable(),
    last_vacuum: timestamp.nullable(),
    last_autovacuum: timestamp.nullable(),
    last_analyze: timestamp.nullable(),
    last_autoanalyze: timestamp.nullable(),
    autovacuum_count: counter,
    server_now: timestamp,
  }),
  sql: {
    14: statement('null::float8', 'null::int'),
    18: statement(
      `coalesce((options->>'autovacuum_vacuum_max_threshold')::float8, current_setting('autovacuum_vacuum_max_threshold')::float8)`,
      'c.relallfrozen',
    ),
  },
})
