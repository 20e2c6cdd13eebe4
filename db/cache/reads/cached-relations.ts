import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** It reads the header of every buffer; ms. */
export const CACHED_TIMEOUT_MS = 30_000

const counts = { buffers: z.number(), dirty: z.number(), /** Buffers by usage count, 0 … 5. */ usage: z.array(z.number()) }

/**
 * What shared_buffers holds, by relation of this database (manual, F.25). The view takes each buffer's header lock for a moment and copies
 * all headers into memory before it answers: of 64 GB these are 8 million rows. So it is read when somebody asks, at most every ten
 * seconds. Files of another database have no names here; those of a relation that was dropped or rewritten in the meantime have none at all.
 */
export const cachedRelations = defineRead({
  name: 'cached-relations',
  about: 'What shared_buffers holds, by relation, with usage counts and dirty buffers (pg_buffercache); reads every buffer',
  extension: { name: 'pg_buffercache', version: '1.2' },
  needs: 'pg_monitor',
  calls: ['pg_buffercache', 'pg_buffercache_pages()'],
  params: z.object({ most: z.int().min(1).max(500) }),
  row: z.object({
    buffers: z.number(),
    unused: z.number(),
    dirty: z.number(),
    /** ms that the server took. */
    took: z.number(),
    relations: z.array(
      z.object({
        oid,
        schemaname: z.string(),
        relname: z.string(),
        relkind: z.string(),
        /** The table that a TOAST table or an index is of. */
        owner: z.string().nullable(),
        /** Of all forks; null: a lock hides it. */
        bytes: bytes.nullable(),
        ...counts,
      }),
    ),
    /** Relations of this database beyond those. */
    others: z.object({ relations: z.number(), ...counts }),
    /** Other databases, shared catalogs (datname null), and files without a name here. */
    elsewhere: z.array(z.object({ datname: z.string().nullable(), here: z.boolean(), ...counts })),
  }),
  timeout: CACHED_TIMEOUT_MS,
  keep: 10_000,
  sql: /* sql */ `
with /* proctor:cached-relations */ ${LOCKED},
here as (
  select oid as datid, dattablespace from pg_database where datname = current_database()
), files as materialized (
  select reldatabase, reltablespace, relfilenode, count(*)::int as buffers, count(*) filter (where isdirty)::int as dirty,
         array[count(*) filter (where usagecount = 0), count(*) filter (where usagecount = 1), count(*) filter (where usagecount = 2),
               count(*) filter (where usagecount = 3), count(*) filter (where usagecount = 4), count(*) filter (where usagecount >= 5)]::int[] as usage
    from @extschema@.pg_buffercache group by 1, 2, 3
), named as materialized (
  select c.oid, c.relname, c.relnamespace, c.relkind, coalesce(nullif(c.reltablespace, 0), h.dattablespace) as spc,
         pg_relation_filenode(c.oid) as filenode, case when c.relisshared then 0 else h.datid end as datid, c.relisshared
    from pg_class c, here h
   where c.relkind in ('r', 'm', 't', 'i', 'S') and c.relpersistence <> 't'
), known as materialized (
  select f.*, n.oid, n.relname, n.relnamespace, n.relkind, row_number() over (order by f.buffers desc, n.oid) as place
    from files f
    join named n on n.datid = f.reldatabase and n.filenode = f.relfilenode and n.spc = f.reltablespace
   where not n.relisshared
), top as (
  select k.*, s.nspname, o.relname as owner, l.relation is null as readable
    from known k
    join pg_namespace s on s.oid = k.relnamespace
    left join pg_index i on i.indexrelid = k.oid
    left join pg_class t on t.reltoastrelid = coalesce(i.indrelid, k.oid)
    left join pg_class o on o.oid = coalesce(t.oid, i.indrelid)
    left join locked l on l.relation = k.oid
   where k.place <= $1
), rest as (
  select d.datname::text, coalesce(f.reldatabase = h.datid, false) as here, sum(f.buffers)::int as buffers, sum(f.dirty)::int as dirty,
         array[sum(usage[1]), sum(usage[2]), sum(usage[3]), sum(usage[4]), sum(usage[5]), sum(usage[6])]::int[] as usage
    from files f cross join here h
    left join pg_database d on d.oid = f.reldatabase
   where f.relfilenode is not null
     and not exists (select from known k where (k.reldatabase, k.reltablespace, k.relfilenode) = (f.reldatabase, f.reltablespace, f.relfilenode))
   group by 1, 2
), others as (
  select count(*)::int as relations, coalesce(sum(buffers), 0)::int as buffers, coalesce(sum(dirty), 0)::int as dirty,
         array[coalesce(sum(usage[1]), 0), coalesce(sum(usage[2]), 0), coalesce(sum(usage[3]), 0), coalesce(sum(usage[4]), 0),
               coalesce(sum(usage[5]), 0), coalesce(sum(usage[6]), 0)]::int[] as usage
    from known where place > $1
)
select (select coalesce(sum(buffers), 0)::int from files) as buffers,
       (select coalesce(sum(buffers), 0)::int from files where relfilenode is null) as unused,
       (select coalesce(sum(dirty), 0)::int from files) as dirty,
       (select coalesce(json_agg(json_build_object('oid', oid::int8, 'schemaname', nspname, 'relname', relname, 'relkind', relkind, 'owner', owner,
                 'bytes', case when readable then pg_relation_size(oid) + pg_relation_size(oid, 'fsm') + pg_relation_size(oid, 'vm') end,
                 'buffers', buffers, 'dirty', dirty, 'usage', usage) order by place), '[]') from top) as relations,
       (select row_to_json(o) from others o) as others,
       (select coalesce(json_agg(row_to_json(r) order by r.buffers desc), '[]') from rest r) as elsewhere,
       extract(epoch from clock_timestamp() - statement_timestamp())::float8 * 1000 as took`,
})
