import { z } from 'zod'
import { bytes, counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

const text = z.string().regex(/^-?\d+$/)

const part = z.object({
  oid,
  relname: z.string(),
  /** toast: the TOAST table and its index. */
  part: z.enum(['heap', 'toast', 'index']),
  read: text,
  hit: text,
  /** Seq Scans of a table's heap, those of each parallel worker too; else 0. */
  seq_scans: text,
  /** Of all forks; null: a lock hides it. */
  bytes: bytes.nullable(),
})

/**
 * Blocks of the relations of this database, as pg_statio_all_tables and pg_statio_all_indexes count them (manual, 27.2.22), from the
 * functions beneath: the views add up the indexes of each table by a plan that costs several times as much. `hit` were found in
 * shared_buffers; `read` were asked of the kernel, which may have had them in its page cache. Those of temporary tables are in no
 * shared buffer, those of shared catalogs no database's: both are left out. Sizes are asked for what is returned alone.
 */
export const relationIo = defineRead({
  name: 'relation-io',
  about: 'Blocks read and found in shared_buffers, by table with its parts and by index; those with the most reads',
  params: z.object({ most: z.int().min(1).max(500) }),
  row: z.object({
    tables: z.array(z.object({ relid: oid, schemaname: z.string(), relname: z.string(), parts: z.array(part) })),
    indexes: z.array(
      z.object({ oid, schemaname: z.string(), relname: z.string(), table: z.string(), read: text, hit: text, bytes: bytes.nullable() }),
    ),
    /** Of all user tables and of their indexes that were ever used. */
    table_count: z.number(),
    user_read: counter,
    user_hit: counter,
    index_count: z.number(),
    index_read: counter,
    index_hit: counter,
    /** Of system catalogs, with their indexes. */
    system_read: counter,
    system_hit: counter,
  }),
  sql: /* sql */ `
with /* proctor:relation-io */ ${LOCKED},
counted as materialized (
  select c.oid, c.relname, c.relkind, pg_stat_get_blocks_fetched(c.oid) as fetched, pg_stat_get_blocks_hit(c.oid) as hit
    from pg_class c
   where c.relkind in ('r', 'm', 't', 'i') and c.relpersistence <> 't' and not c.relisshared
), parts as materialized (
  select k.oid, k.relname, k.fetched - k.hit as read, k.hit, coalesce(o.oid, i.indrelid, k.oid) as owner,
         case when o.oid is not null then 'toast' when k.relkind = 'i' then 'index' else 'heap' end as part
    from counted k
    left join pg_index i on i.indexrelid = k.oid
    left join pg_class o on o.reltoastrelid = coalesce(i.indrelid, k.oid)
   where k.fetched > 0
), tables as materialized (
  select owner, sum(read)::int8 as read, sum(hit)::int8 as hit from parts where owner >= 16384 group by owner
), top_tables as materialized (
  select t.*, c.relname, n.nspname
    from (select * from tables order by read desc, hit desc, owner limit $1) t
    join pg_class c on c.oid = t.owner join pg_namespace n on n.oid = c.relnamespace
), top_indexes as materialized (
  select * from parts where part = 'index' and owner >= 16384 order by read desc, hit desc, oid limit $1
), sizes as materialized (
  select s.oid, case when l.relation is null then
           pg_relation_size(s.oid) + pg_relation_size(s.oid, 'fsm') + pg_relation_size(s.oid, 'vm') end as bytes
    from (select p.oid from parts p join top_tables t on t.owner = p.owner union select oid from top_indexes) s
    left join locked l on l.relation = s.oid
)
select coalesce((select json_agg(json_build_object('relid', t.owner::int8, 'schemaname', t.nspname, 'relname', t.relname, 'parts',
                   (select json_agg(json_build_object('oid', p.oid::int8, 'relname', p.relname, 'part', p.part, 'read', p.read::text,
                                                      'hit', p.hit::text, 'bytes', s.bytes,
                                                      'seq_scans', (case when p.part = 'heap' then pg_stat_get_numscans(p.oid) else 0 end)::text) order by p.part = 'index', p.read desc, p.hit desc, p.oid)
                      from parts p left join sizes s using (oid) where p.owner = t.owner)) order by t.read desc, t.hit desc, t.owner)
                   from top_tables t), '[]') as tables,
       coalesce((select json_agg(json_build_object('oid', i.oid::int8, 'schemaname', n.nspname, 'relname', i.relname, 'table', c.relname,
                                                   'read', i.read::text, 'hit', i.hit::text, 'bytes', s.bytes)
                                 order by i.read desc, i.hit desc, i.oid)
                   from top_indexes i join pg_class c on c.oid = i.owner join pg_namespace n on n.oid = c.relnamespace
                   left join sizes s on s.oid = i.oid), '[]') as indexes,
       (select count(*)::int from tables) as table_count,
       (select coalesce(sum(read), 0)::int8 from tables) as user_read, (select coalesce(sum(hit), 0)::int8 from tables) as user_hit,
       x.*, y.*
  from (select count(*)::int as index_count, coalesce(sum(read), 0)::int8 as index_read, coalesce(sum(hit), 0)::int8 as index_hit
          from parts where part = 'index' and owner >= 16384) x,
       (select coalesce(sum(read), 0)::int8 as system_read, coalesce(sum(hit), 0)::int8 as system_hit from parts where owner < 16384) y`,
})
