import { z } from 'zod'
import { bytes, counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

const name = z.object({ schemaname: z.string(), name: z.string() })

/**
 * What is told of foreign keys, and what an index needs to serve them. `keys` and `tables` stand side by side: a key and a table that
 * its check reads, the referencing one or a partition of it; null: every key with its own table.
 *
 * - An index has to have an operator class whose family holds the check's operator as seen from the column (the commutator of
 *   conpfeqop): of b-trees where there is one, the default one first, else of the access method of the referenced index, as
 *   keys with PERIOD (18) need it. It is named where the column's default is another. Collation and cast are the check's
 *   (see foreign-key-indexes).
 * - Sizes of tables under an AccessExclusiveLock are null. Deleted rows of a partitioned table are those of its partitions.
 */
export const foreignKeys = defineRead({
  name: 'foreign-keys',
  about: 'Foreign keys: what they refer to, rows deleted there, tables their checks read, what an index for them needs',
  params: z.object({ keys: z.array(oid).nullable().default(null), tables: z.array(oid).nullable().default(null) }),
  row: z.object({
    oid,
    conname: z.string(),
    schemaname: z.string(),
    relname: z.string(),
    relid: oid,
    partitioned: z.boolean(),
    /** Names of the indexes that the referencing table has, which a new one cannot take. */
    taken: z.array(z.string()),
    /** The referencing columns, in the key's order. */
    columns: z.array(z.string()),
    /** schema.table, quoted. */
    referenced: z.string(),
    on_delete: z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']),
    /** Rows deleted from the referenced table: each of them read the referencing one. */
    deleted: counter,
    tables: z.array(
      z.object({ relid: oid, schemaname: z.string(), relname: z.string(), bytes: bytes.nullable(), reltuples: z.number().nullable() }),
    ),
    /** The access method; null: the server has no operator class that would do. */
    method: z.string().nullable(),
    /** What CREATE INDEX has to say of each column; null: the column's own cast, collation, operator class. */
    parts: z.array(z.object({ column: z.string(), type: z.string().nullable(), collation: name.nullable(), opclass: name.nullable() })),
  }),
  sql: /* sql */ `
with /* proctor:foreign-keys */ recursive ${LOCKED}, asked as materialized (
  select * from unnest($1::oid[], $2::oid[]) a (key, relid)
  union all
  select oid, conrelid from pg_constraint where contype = 'f' and conparentid = 0 and $1::oid[] is null
), below as (
  -- partitions of what is referred to
  select distinct f.confrelid as top, f.confrelid as relid from asked join pg_constraint f on f.oid = asked.key
  union
  select b.top, h.inhrelid from below b join pg_inherits h on h.inhparent = b.relid join pg_class p on p.oid = b.relid and p.relkind = 'p'
), deleted as materialized (
  select top, sum(pg_stat_get_tuples_deleted(relid))::int8 as rows from below group by top
), read as materialized (
  select a.key, jsonb_agg(jsonb_build_object('relid', t.oid::int8, 'schemaname', n.nspname, 'relname', t.relname, 'reltuples', nullif(t.reltuples, -1),
           'bytes', case when t.relkind = 'r' and t.oid not in (select relation from locked) then pg_relation_size(t.oid)
                         when t.relkind = 'p' then 0 end) order by n.nspname, t.relname) as tables
  from asked a join pg_class t on t.oid = a.relid join pg_namespace n on n.oid = t.relnamespace
  group by a.key
), part as materialized (
  select r.key, k.place, a.attname, a.attcollation, o.oprcom, o.oprleft, o.oprright, b.base,
         case when o.oprright <> a.atttypid and cast_by.castfunc <> 0 then o.oprright end as cast_to, f.conindid,
         case when o.oprright <> a.atttypid and cast_by.castfunc <> 0 then cast_by.provolatile else 'i' end as volatility,
         case when ra.attcollation <> a.attcollation and not (select rc.collisdeterministic from pg_collation rc where rc.oid = ra.attcollation)
           then ra.attcollation end as coll
  from read r
  join pg_constraint f on f.oid = r.key
  cross join lateral unnest(f.conkey, f.confkey, f.conpfeqop) with ordinality k (attnum, refnum, operator, place)
  join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum
  join pg_attribute ra on ra.attrelid = f.confrelid and ra.attnum = k.refnum
  join pg_operator o on o.oid = k.operator
  cross join lateral (
    with recursive base as (
      select a.atttypid as typid
      union all
      select y.typbasetype from base join pg_type y on y.oid = base.typid and y.typtype = 'd'
    )
    select typid as base from base join pg_type y on y.oid = typid and y.typtype <> 'd') b
  left join lateral (
    select x.castfunc, p.provolatile from pg_cast x left join pg_proc p on p.oid = x.castfunc
    where x.castsource = b.base and x.casttarget = o.oprright) cast_by on true
), method as materialized (
  select p.key, m.oid as am, m.amname, m.amname = 'btree' as usual, bool_and(c.opclass is not null and p.volatility = 'i') as whole,
         jsonb_agg(jsonb_build_object('column', p.attname, 'type', format_type(p.cast_to, null),
           'collation', (select jsonb_build_object('schemaname', n.nspname, 'name', l.collname)
                         from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid = p.coll),
           'opclass', case when not c.implied then c.opclass end) order by p.place) as parts
  from part p
  join pg_class i on i.oid = p.conindid
  join pg_am m on m.oid = i.relam or m.amname = 'btree'
  left join lateral (
    select jsonb_build_object('schemaname', n.nspname, 'name', oc.opcname) as opclass,
           oc.opcdefault and (oc.opcintype = t.typid or not exists (
             select from pg_opclass d where d.opcmethod = m.oid and d.opcdefault and d.opcintype = t.typid)) as implied
    from (select coalesce(p.cast_to, p.base) as typid) t
    join pg_opclass oc on oc.opcmethod = m.oid and oc.opcintype in (t.typid, p.oprright)
    join pg_namespace n on n.oid = oc.opcnamespace
    where exists (select from pg_amop ao where ao.amopopr = p.oprcom and ao.amoppurpose = 's' and ao.amopfamily = oc.opcfamily)
    order by oc.opcdefault and oc.opcintype = t.typid desc, oc.opcdefault desc, oc.opcname
    limit 1) c on true
  group by p.key, m.oid, m.amname
)
select f.oid, f.conname, n.nspname as schemaname, t.relname, t.oid as relid, t.relkind = 'p' as partitioned,
       array(select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = t.oid order by 1) as taken,
       array(select a.attname::text from unnest(f.conkey) with ordinality k (attnum, place)
             join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum order by k.place) as columns,
       format('%I.%I', rn.nspname, r.relname) as referenced,
       case f.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null'
                          else 'set default' end as on_delete,
       coalesce(d.rows, 0) as deleted, read.tables, m.amname as method, coalesce(m.parts, '[]') as parts
from read
join pg_constraint f on f.oid = read.key
join pg_class t on t.oid = f.conrelid
join pg_namespace n on n.oid = t.relnamespace
join pg_class r on r.oid = f.confrelid
join pg_namespace rn on rn.oid = r.relnamespace
left join deleted d on d.top = f.confrelid
left join lateral (select * from method m where m.key = f.oid and m.whole order by m.usual desc limit 1) m on true
order by n.nspname, t.relname, f.conname`,
  timeout: 5_000,
  // Every page of the index list asks.
  keep: 10_000,
})
