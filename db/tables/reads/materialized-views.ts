import { z } from 'zod'
import { bytes, counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'
import { refreshIndex } from './tables'

/**
 * Materialized views with what a refresh rests on. PostgreSQL keeps no time of a refresh; where track_commit_timestamp was on then, the commit of the
 * view's row in pg_class tells it: each refresh writes that row anew, and so does ALTER or GRANT, so the refresh is no later. `reads`: tables and views in its
 * query. Sizes of what an AccessExclusiveLock holds are null.
 */
export const materializedViews = defineRead({
  name: 'materialized-views',
  about: 'Materialized views: size, rows, the index for CONCURRENTLY, when they were refreshed as far as the server tells, what they read',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    owner: z.string(),
    populated: z.boolean(),
    /** With indexes. */
    bytes: bytes.nullable(),
    /** As the last ANALYZE or VACUUM counted; null: never. */
    reltuples: float.nullable(),
    n_live_tup: counter,
    refresh_index: z.string().nullable(),
    committed_at: timestamp.nullable(),
    reads: z.array(z.object({ relid: z.number(), schemaname: z.string(), relname: z.string() })),
    may_maintain: z.boolean(),
    skipped: z.string().nullable(),
  }),
  keep: 2_000,
  sql: {
    14: statement(`pg_has_role(c.relowner, 'usage')`),
    17: statement(`has_table_privilege(c.oid, 'maintain')`),
  },
})

function statement(mayMaintain: string): string {
  return /* sql */ `
with /* proctor:materialized-views */ ${LOCKED_BY}, locked_index as (
  select i.indrelid, min(l.how) as how from locked l join pg_index i on i.indexrelid = l.relation group by 1
)
select c.oid as relid, n.nspname as schemaname, c.relname, c.relowner::regrole::text as owner, c.relispopulated as populated,
       case when coalesce(l.how, i.how) is null then pg_total_relation_size(c.oid) end as bytes,
       case when c.reltuples >= 0 then c.reltuples::float8 end as reltuples, pg_stat_get_live_tuples(c.oid) as n_live_tup,
       ${refreshIndex('c.oid')} as refresh_index,
       case when current_setting('track_commit_timestamp')::bool then pg_xact_commit_timestamp(c.xmin) end as committed_at,
       coalesce((select json_agg(distinct jsonb_build_object('relid', t.oid::int8, 'schemaname', tn.nspname, 'relname', t.relname))
                   from pg_rewrite w
                   join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
                   join pg_class t on t.oid = d.refobjid and t.oid <> c.oid and t.relkind in ('r', 'p', 'm', 'v', 'f')
                   join pg_namespace tn on tn.oid = t.relnamespace
                  where w.ev_class = c.oid), '[]') as reads,
       ${mayMaintain} as may_maintain, coalesce(l.how, i.how) as skipped
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join locked l on l.relation = c.oid
  left join locked_index i on i.indrelid = c.oid
 where c.relkind = 'm'
 order by n.nspname, c.relname`
}
