import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Each foreign key, those that partitions inherited among them, with each index of its table that has a column the check could ask
 * for; one row without an index where there is none. Which of them serve is decided by db/indexes/foreign-key-service.ts.
 *
 * - The check is what a DELETE or key UPDATE of a referenced row asks of the referencing table (ri_triggers.c):
 *   `SELECT 1 FROM ONLY t x WHERE $1 OPERATOR(conpfeqop) a [AND …]`. The index sees the operator's commutator. A column whose type the
 *   operator does not take is cast: by a function, where only an index on that expression helps (`castfuncs`), or for nothing.
 *   It compares by the referencing column's collation, by the referenced one's where that is another nondeterministic one.
 * - A key that refers to a partitioned table has one more entry per partition there, under its own table: left out.
 * - NOT ENFORCED keys (18) have no check and are not here. NOT VALID ones have it.
 * - Predicates and expressions come as stored trees with their constants left out: pg_get_expr would queue behind an
 *   AccessExclusiveLock, and nothing here waits for a lock.
 */
const statement = (enforced: string) => /* sql */ `
with /* proctor:foreign-key-indexes */ keyed as materialized (
  select f.oid, f.conname, f.conparentid, f.conrelid, f.conkey, f.confrelid, f.confkey, f.conpfeqop, t.relkind, t.reltuples, t.relpages
  from pg_constraint f
  join pg_class t on t.oid = f.conrelid and t.relpersistence <> 't'
  left join pg_constraint parent on parent.oid = f.conparentid and f.conparentid <> 0
  where f.contype = 'f' and ${enforced} and parent.conrelid is distinct from f.conrelid
), asked as materialized (
  select l.*, c.operators, c.collations, c.casts
  from keyed l
  cross join lateral (
    select array_agg(o.oprcom order by k.place) as operators,
           array_agg(case when ra.attcollation <> a.attcollation and not (
                       select rc.collisdeterministic from pg_collation rc where rc.oid = ra.attcollation)
                     then ra.attcollation else a.attcollation end order by k.place) as collations,
           array_agg(case when o.oprright = a.atttypid then 0::oid else coalesce((
             with recursive base as (
               select a.atttypid as typid
               union all
               select y.typbasetype from base join pg_type y on y.oid = base.typid and y.typtype = 'd'
             )
             select x.castfunc from base join pg_cast x on x.castsource = base.typid and x.casttarget = o.oprright
             order by x.castmethod = 'f' desc limit 1), 0::oid) end order by k.place) as casts
    from unnest(l.conkey, l.confkey, l.conpfeqop) with ordinality k (attnum, refnum, operator, place)
    join pg_operator o on o.oid = k.operator
    join pg_attribute a on a.attrelid = l.conrelid and a.attnum = k.attnum
    join pg_attribute ra on ra.attrelid = l.confrelid and ra.attnum = k.refnum) c
)
select a.oid, a.conname, nullif(a.conparentid, 0) as parent, a.conrelid as relid, a.relkind, nullif(a.reltuples, -1) as reltuples, a.relpages,
       a.conkey, a.casts as castfuncs, ix.indexrelid, ix.indexroot, ix.amname, ix.indisunique, coalesce(ix.indkey, '{}') as indkey,
       coalesce(ix.fits, '[]') as fits, ix.predicate, ix.expressions
from asked a
left join lateral (
  select i.indexrelid, case when c.relispartition then pg_partition_root(i.indexrelid)::oid end as indexroot, am.amname, i.indisunique,
         (i.indkey::int2[])[0:i.indnkeyatts - 1] as indkey, found.fits,
         regexp_replace(regexp_replace(i.indpred::text, '\\{CONST :consttype 16 [^{}]*:constvalue 1 \\[ 1 [^{}]*\\}', 'TRUE', 'g'),
                        '\\{CONST [^{}]*\\}', '{CONST}', 'g') as predicate,
         case when i.indexprs is not null then regexp_replace(i.indexprs::text, '\\{CONST [^{}]*\\}', '{CONST}', 'g') end as expressions
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am am on am.oid = c.relam
  cross join lateral (
    select jsonb_agg(jsonb_build_array(x.place, k.place) order by x.place, k.place) as fits
    from unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) with ordinality x (attnum, class, coll, place)
    join unnest(a.conkey, a.operators, a.collations, a.casts) with ordinality k (attnum, operator, coll, castfunc, place)
      on x.attnum = 0 or (x.attnum = k.attnum and k.castfunc = 0)
    join pg_opclass oc on oc.oid = x.class
    where x.place <= i.indnkeyatts and x.coll in (0, k.coll)
      and exists (select from pg_amop ao where ao.amopopr = k.operator and ao.amoppurpose = 's' and ao.amopfamily = oc.opcfamily)
  ) found
  where i.indrelid = a.conrelid and i.indisvalid and i.indisready and i.indislive and found.fits is not null
) ix on true
order by a.conname, a.oid, ix.indexrelid`

export const foreignKeyIndexes = defineRead({
  name: 'foreign-key-indexes',
  about: 'Each foreign key with each index whose columns its check could use',
  params: z.object({}),
  row: z.object({
    oid,
    conname: z.string(),
    /** The key of the partitioned table that this one was inherited from. */
    parent: oid.nullable(),
    /** The referencing table. */
    relid: oid,
    relkind: z.enum(['r', 'p']),
    /** Rows and pages of that table; null: never counted. */
    reltuples: z.number().nullable(),
    relpages: z.number(),
    /** Attribute numbers of the key in that table. */
    conkey: z.array(z.number()),
    /** For each of them the function that casts it for the check; 0: none. */
    castfuncs: z.array(oid),
    /** null: no index of the table comes into question. */
    indexrelid: oid.nullable(),
    /** The partitioned index at the top, for an attached one. */
    indexroot: oid.nullable(),
    amname: z.string().nullable(),
    indisunique: z.boolean().nullable(),
    /** Attribute numbers of the index's key columns; 0: an expression. */
    indkey: z.array(z.number()),
    /** Places in the index and in the key, from 1 on, where operator class and collation fit; an expression fits only if it is the cast one. */
    fits: z.array(z.tuple([z.number(), z.number()])),
    /** Stored trees without their constants. */
    predicate: definition.nullable(),
    expressions: definition.nullable(),
  }),
  sql: { 14: statement('true'), 18: statement('f.conenforced') },
  timeout: 5_000,
  keep: 5_000,
})
