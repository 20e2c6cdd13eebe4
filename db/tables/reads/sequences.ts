import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/** Asking for a last value locks the sequence until the transaction ends: so many fit into the lock table of a server as it comes (manual, 19.12). */
export const SEQUENCES_AT_ONCE = 1_000

/**
 * Sequences that stop at their end, with how far they are and the column that takes their values: identity, serial, or any default that
 * calls nextval. `column_max` is what the column's type holds; the smallest where several columns take values. last_value is null
 * before the first value, and where the role has neither USAGE nor SELECT (`readable`). Sequences under an AccessExclusiveLock are left
 * out, as asking for their last value would wait (pg_sequence_last_value locks them), temporary ones and those that CYCLE too.
 */
export const sequences = defineRead({
  name: 'sequences',
  about: 'Sequences that do not cycle: last value, bounds, and the column that takes the values with what its type holds',
  params: z.object({ /** Those with a higher OID than this, the lowest first. */ after: oid }),
  row: z.object({
    seqrelid: oid,
    schemaname: z.string(),
    sequencename: z.string(),
    last_value: counter.nullable(),
    start_value: counter,
    min_value: counter,
    max_value: counter,
    increment: counter,
    readable: z.boolean(),
    table_oid: oid.nullable(),
    table_schema: z.string().nullable(),
    table_name: z.string().nullable(),
    column_name: z.string().nullable(),
    column_type: z.string().nullable(),
    /** Null: no column is known, or its type is no integer. */
    column_max: counter.nullable(),
  }),
  sql: /* sql */ `
with /* proctor:sequences */ ${LOCKED}, taker as (
  select d.objid as seqrelid, d.refobjid as relid, d.refobjsubid as attnum
    from pg_depend d
   where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
  union
  select d.refobjid, a.adrelid, a.adnum
    from pg_attrdef a join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = a.oid and d.refclassid = 'pg_class'::regclass
), chosen as materialized (
  select s.seqrelid, s.seqstart, s.seqmin, s.seqmax, s.seqincrement, n.nspname, c.relname,
         has_sequence_privilege(s.seqrelid, 'usage') or has_sequence_privilege(s.seqrelid, 'select') as readable
    from pg_sequence s
    join pg_class c on c.oid = s.seqrelid and c.relpersistence <> 't'
    join pg_namespace n on n.oid = c.relnamespace
   where s.seqrelid > $1 and not s.seqcycle and not exists (select from locked where locked.relation = s.seqrelid)
     and not (c.relpersistence = 'u' and pg_is_in_recovery())
   order by s.seqrelid
   limit ${SEQUENCES_AT_ONCE}
), column_of as materialized (
  select distinct on (t.seqrelid) t.seqrelid, c.oid as table_oid, n.nspname as table_schema, c.relname as table_name, a.attname as column_name,
         format_type(a.atttypid, a.atttypmod) as column_type,
         case y.base when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 when 'int8'::regtype then 9223372036854775807 end::int8 as column_max
    from taker t
    join pg_class c on c.oid = t.relid and c.relkind in ('r', 'p', 'f')
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = t.attnum and not a.attisdropped
    join lateral (select coalesce(nullif(ty.typbasetype, 0), ty.oid) as base from pg_type ty where ty.oid = a.atttypid) y on true
   order by t.seqrelid, column_max nulls last, c.relispartition, c.oid
)
select s.seqrelid, s.nspname as schemaname, s.relname as sequencename,
       case when s.readable then pg_sequence_last_value(s.seqrelid) end as last_value, s.seqstart as start_value,
       s.seqmin as min_value, s.seqmax as max_value, s.seqincrement as increment, s.readable,
       o.table_oid, o.table_schema, o.table_name, o.column_name, o.column_type, o.column_max
  from chosen s
  left join column_of o on o.seqrelid = s.seqrelid
 order by s.seqrelid`,
  keep: 10_000,
})
