import { z } from 'zod'
import { oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Functions of PostgreSQL whose result follows the collation or the character classes of its library; of the others with an argument
 * that has one (md5, length, left …) it does not. A function from elsewhere might do anything.
 */
const FOLLOWS = [
  'lower',
  'upper',
  'initcap',
  'casefold',
  'to_tsvector',
  'similarity',
  'regexp_[a-z_]+',
  'substring',
  'text_(lt|le|gt|ge|larger|smaller)',
]
/** Operators that compare or join bytes where the collation is deterministic. */
const BYTEWISE = ['=', '<>', '||', '~~', '!~~', '^@']

/**
 * Collations, the database's own among them (15), whose version is another in the library that the server runs with than it was when they
 * were made (manual, ALTER COLLATION, Notes), each with the indexes whose order or content rests on it:
 *
 * - a key column with the collation, but for what compares bytes while the collation is deterministic: …_pattern_ops, hash, SP-GiST on text
 *   and bloom;
 * - a key column of a type that has it within: a range, a multirange, a composite, an array or domain of these;
 * - an expression or predicate that compares by it or calls what follows it. These are read from the stored trees, as pg_get_expr would wait.
 *
 * `rests` has their indexes with a file of their own: of partitions, not of what is partitioned.
 */
export const restingOn = (read: string, database: string): string => /* sql */ `
with /* proctor:${read} */ recursive mismatched as materialized (
  select c.oid, format('%I.%I', n.nspname, c.collname) as name, c.collversion as stored, pg_collation_actual_version(c.oid) as actual,
         c.collisdeterministic as deterministic
  from pg_collation c join pg_namespace n on n.oid = c.collnamespace
  where c.collversion <> pg_collation_actual_version(c.oid)
    and c.collencoding in (-1, (select d.encoding from pg_database d where d.datname = current_database()))
  ${database}
), ix as materialized (
  select i.indexrelid, i.indrelid, i.indcollation, i.indclass, i.indkey, i.indnkeyatts, i.indexprs, i.indpred, am.amname
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
  where exists (select from mismatched) and c.relkind = 'i' and i.indisvalid and i.indisready and i.indislive and c.relpersistence <> 't'
), keys as materialized (
  select ix.indexrelid, ix.amname, ix.indcollation[k.n] as coll, o.opcname, a.atttypid, ta.atttypid as column_type
  from ix
  cross join lateral generate_series(0, ix.indnkeyatts - 1) k (n)
  join pg_opclass o on o.oid = ix.indclass[k.n]
  join pg_attribute a on a.attrelid = ix.indexrelid and a.attnum = k.n + 1
  left join pg_attribute ta on ta.attrelid = ix.indrelid and ta.attnum = ix.indkey[k.n] and ix.indkey[k.n] <> 0
), part (root, typ, coll) as (
  select distinct t, t, 0::oid from keys, unnest(array[atttypid, column_type]) t where t is not null
  union
  select part.root, d.typ, d.coll
  from part
  cross join lateral (
    select typelem as typ, 0::oid as coll from pg_type where oid = part.typ and typcategory = 'A' and typelem <> 0
    union all select typbasetype, 0::oid from pg_type where oid = part.typ and typtype = 'd'
    union all select rngsubtype, rngcollation from pg_range where rngtypid = part.typ
    union all select rngtypid, 0::oid from pg_range where rngmultitypid = part.typ
    union all select a.atttypid, a.attcollation from pg_type t join pg_attribute a on a.attrelid = t.typrelid
              where t.oid = part.typ and t.typtype = 'c' and a.attnum > 0 and not a.attisdropped
  ) d
), within as materialized (
  select distinct part.root, part.coll from part join mismatched m on m.oid = part.coll
), called as materialized (
  select distinct ix.indexrelid, found[1] as node, found[2]::oid as called, found[3]::oid as coll
  from ix
  cross join lateral regexp_matches(concat(ix.indexprs::text, ix.indpred::text),
    '\\{(FUNCEXPR|OPEXPR|DISTINCTEXPR|NULLIFEXPR|SCALARARRAYOPEXPR|MINMAXEXPR|MINMAX) :(?:funcid|opno|minmaxtype) (\\d+) [^{}]*?:inputcollid (\\d+)', 'g') found
  where ix.indexprs is not null or ix.indpred is not null
), rests as materialized (
  select keys.indexrelid, m.oid
  from keys join mismatched m on m.oid = keys.coll
  where not m.deterministic
     or not (keys.amname = 'hash' or keys.opcname ~ '(_pattern_ops|_bloom_ops)$' or (keys.amname = 'spgist' and keys.opcname = 'text_ops'))
  union
  select keys.indexrelid, within.coll
  from keys join within on within.root in (keys.atttypid, keys.column_type) join mismatched m on m.oid = within.coll
  where not m.deterministic or keys.amname <> 'hash'
  union
  select called.indexrelid, m.oid
  from called join mismatched m on m.oid = called.coll
  left join pg_proc f on called.node = 'FUNCEXPR' and f.oid = called.called
  left join pg_operator o on called.node like '%OPEXPR' and o.oid = called.called
  where not m.deterministic
     or case when f.oid is not null then f.pronamespace <> 'pg_catalog'::regnamespace or f.proname ~ '^(${FOLLOWS.join('|')})$'
             when o.oid is not null then o.oprnamespace <> 'pg_catalog'::regnamespace or o.oprname <> all (array[${BYTEWISE.map((name) => `'${name}'`).join(', ')}])
             else called.node like 'MINMAX%' end
)`

/** UNION ALL: the database's own collation, whose version PostgreSQL keeps since 15. */
export const AND_DEFAULT = /* sql */ `union all
  select 100::oid, 'the default', d.datcollversion, pg_database_collation_actual_version(d.oid), true
  from pg_database d where d.datname = current_database() and d.datcollversion <> pg_database_collation_actual_version(d.oid)`

/** Tables whose partitions are told apart by the collation m. */
export const PARTITIONED_BY = /* sql */ `array(select format('%I.%I', n.nspname, c.relname) from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
             join pg_namespace n on n.oid = c.relnamespace
             where m.oid = any (p.partcollation::oid[]) and (p.partstrat = 'r' or not m.deterministic) order by 1)`

/** An index of a partition stands there by the partitioned one at the top where that is valid. */
const statement = (database: string) => /* sql */ `${restingOn('collation-versions', database)}, top as materialized (
  -- what is rebuilt: the partitioned index above it where that is whole
  select distinct r.oid, coalesce(root.indexrelid, r.indexrelid) as indexrelid
  from rests r
  join pg_class c on c.oid = r.indexrelid
  left join pg_index root on c.relispartition and root.indexrelid = pg_partition_root(r.indexrelid) and root.indisvalid
)
select m.oid, m.name, m.oid = 100 as is_default, m.stored, m.actual, pg_is_in_recovery() as in_recovery, pg_postmaster_start_time() as started,
       current_database() as datname,
       coalesce((select jsonb_agg(jsonb_build_object('indexrelid', i.indexrelid::int8, 'schemaname', n.nspname, 'indexrelname', c.relname, 'indisunique', i.indisunique, 'exclusion', i.indisexclusion)
                                  order by n.nspname, c.relname)
                 from top join pg_index i on i.indexrelid = top.indexrelid join pg_class c on c.oid = top.indexrelid
                 join pg_namespace n on n.oid = c.relnamespace where top.oid = m.oid), '[]') as indexes,
       ${PARTITIONED_BY} as partitioned
from mismatched m
order by jsonb_array_length(coalesce((select jsonb_agg(1) from top where top.oid = m.oid), '[]')) desc, m.name`

export const collationVersions = defineRead({
  name: 'collation-versions',
  about: 'Collations whose version in the library is not the one they were made with, and the indexes that rest on them',
  params: z.object({}),
  row: z.object({
    oid,
    /** schema.name, quoted. */
    name: z.string(),
    /** The default of the database, which PostgreSQL keeps the version of since 15. */
    is_default: z.boolean(),
    stored: z.string(),
    actual: z.string(),
    in_recovery: z.boolean(),
    /** When the server was started: a library is loaded then. */
    started: timestamp,
    datname: z.string(),
    indexes: z.array(
      z.object({ indexrelid: oid, schemaname: z.string(), indexrelname: z.string(), indisunique: z.boolean(), exclusion: z.boolean() }),
    ),
    /** Tables whose partitions are told apart by it, quoted. */
    partitioned: z.array(z.string()),
  }),
  sql: {
    14: statement(''),
    15: statement(AND_DEFAULT),
  },
  timeout: 10_000,
  keep: 60_000,
})
