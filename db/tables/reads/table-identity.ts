import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Every permanent or unlogged user table and what names its rows: a primary key, a unique index over columns that are never null (which
 * REPLICA IDENTITY USING INDEX takes), and its replica identity. `published`: publications that send its UPDATEs or DELETEs, for a partition also those of
 * its root. Tables of extensions are not somebody's to change. `standbys`: physical ones that stream now (a base backup is none).
 */
export const tableIdentity = defineRead({
  name: 'table-identity',
  about: 'User tables: primary key, replica identity, publications, and whether they are unlogged',
  needs: 'pg_monitor',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.enum(['r', 'p']),
    relpersistence: z.enum(['p', 'u']),
    /** The partitioned table at the top; null: this is no partition. */
    root: oid.nullable(),
    root_schema: z.string().nullable(),
    root_name: z.string().nullable(),
    has_primary_key: z.boolean(),
    /** Unique, of columns that are all NOT NULL, over all rows, and checked at once. */
    identity_index: z.string().nullable(),
    /** Whether an UPDATE or DELETE can be published: by primary key, index or FULL. */
    has_identity: z.boolean(),
    published: z.array(z.string()),
    live: counter,
    /** What ANALYZE or VACUUM counted; -1: never. */
    reltuples: z.number(),
    changed: counter,
    standbys: z.number(),
    in_recovery: z.boolean(),
  }),
  sql: /* sql */ `
with /* proctor:table-identity */ standby as (
  select count(*)::int as standbys
    from pg_stat_get_wal_senders() s join pg_stat_activity a on a.pid = s.pid
   where a.datname is null and coalesce(s.state, 'streaming') = 'streaming'
), published as materialized (
  select t.relid, array_agg(p.pubname::text order by p.pubname) as names
    from pg_publication p cross join lateral pg_get_publication_tables(p.pubname) t
   where p.pubupdate or p.pubdelete
   group by t.relid
), unique_index as materialized (
  select i.indrelid, bool_or(i.indisprimary) as has_primary_key, bool_or(i.indisprimary and i.indisvalid and i.indimmediate) as primary_serves,
         bool_or(i.indisreplident and i.indisvalid) as has_replident, min(x.relname) filter (where not i.indisprimary) as identity_index
    from pg_index i join pg_class x on x.oid = i.indexrelid
   where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
     and not exists (select from unnest(i.indkey::int2[]) with ordinality k (attnum, at) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                      where k.at <= i.indnkeyatts and not a.attnotnull)
   group by i.indrelid
)
select c.oid as relid, n.nspname as schemaname, c.relname, c.relkind, c.relpersistence,
       r.oid as root, rn.nspname as root_schema, r.relname as root_name,
       coalesce(u.has_primary_key, false) as has_primary_key, u.identity_index,
       case c.relreplident when 'f' then true when 'd' then coalesce(u.primary_serves, false) when 'i' then coalesce(u.has_replident, false) else false end as has_identity,
       coalesce(p.names, '{}') as published,
       pg_stat_get_live_tuples(c.oid) as live, c.reltuples::float8 as reltuples,
       pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) as changed,
       standby.standbys, pg_is_in_recovery() as in_recovery
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_class r on c.relispartition and r.oid = pg_partition_root(c.oid)
  left join pg_namespace rn on rn.oid = r.relnamespace
  left join unique_index u on u.indrelid = c.oid
  left join published p on p.relid = c.oid
  cross join standby
 where c.relkind in ('r', 'p') and c.relpersistence in ('p', 'u') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname, c.relname`,
  keep: 10_000,
})
