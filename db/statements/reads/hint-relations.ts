import { z } from 'zod'
import { defineRead } from '../../server/define-read'

const names = z.array(z.string())

/**
 * What the catalog says of the relations that a statement names, as far as hints need it: a row for each that is there.
 *
 * - certain: what keys and NOT NULL say holds for all that a query finds. A parent by inheritance has children with keys of their own; a
 *   foreign server keeps no promise of ours (manual, CREATE FOREIGN TABLE); a view's columns are computed.
 * - notNull: NOT NULL, validated; a domain's; or a check c IS NOT NULL. A check's expression is read as the tree that is stored, as
 *   pg_get_expr could wait for a lock.
 * - keys: unique indexes that are valid and checked at once, of columns alone, by their own equality, and of all rows. perhapsKeys: the other unique indexes'
 *   columns; an expression among them is left out.
 */
export const hintRelations = defineRead({
  name: 'hint-relations',
  about: 'Keys, NOT NULL, types and indexes of the relations that a statement names',
  params: z.object({
    /** JSON: [{ schema, name }]; no schema: found by the path. */
    names: z.string(),
    /** Schemas, besides pg_catalog. */
    path: z.array(z.string()),
  }),
  row: z.object({
    schema: z.string().nullable(),
    name: z.string(),
    nspname: z.string(),
    relname: z.string(),
    relkind: z.string(),
    certain: z.boolean(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string().nullable(),
        notNull: z.boolean(),
        index: z.string().nullable(),
        inExpression: z.boolean(),
      }),
    ),
    keys: z.array(names),
    perhapsKeys: z.array(names),
  }),
  sql: /* sql */ `
with /* proctor:hint-relations */ asked as (
  select distinct a.schema, a.name from json_to_recordset($1::json) as a (schema text, name text)
), found as (
  select a.schema, a.name, r.*
  from asked a
  cross join lateral (
    select c.oid, n.nspname, c.relname, c.relkind, c.relhassubclass
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = a.name and c.relkind in ('r', 'p', 'm', 'v', 'f')
      and case when a.schema is null then n.nspname = any ($2::text[]) or n.nspname = 'pg_catalog' else n.nspname = a.schema end
    order by coalesce(array_position($2::text[], n.nspname::text), 0)
    limit 1
  ) r
), unique_columns as (
  select i.indrelid, i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and i.indisunique
         and not exists (
           select from unnest(i.indkey::int2[], i.indcollation::oid[], i.indclass::oid[]) with ordinality k (attnum, coll, opclass, n)
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
           join pg_opclass o on o.oid = k.opclass
           where k.n <= i.indnkeyatts and (k.coll <> a.attcollation or not o.opcdefault)) as is_key,
         coalesce((
           select json_agg(a.attname order by k.n)
           from unnest(i.indkey::int2[]) with ordinality k (attnum, n) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
           where k.n <= i.indnkeyatts), '[]') as columns
  from pg_index i join found f on f.oid = i.indrelid
  where i.indisunique or i.indisexclusion
)
select f.schema, f.name, f.nspname::text, f.relname::text, f.relkind::text,
       f.relkind in ('r', 'p', 'm') and not (f.relkind = 'r' and f.relhassubclass) as certain,
       coalesce((
         select json_agg(json_build_object(
           'name', a.attname,
           'type', case when t.typtype <> 'd' and t.typnamespace = 'pg_catalog'::regnamespace then t.typname end,
           'notNull', (a.attnotnull and not exists (
               select from pg_constraint k where k.conrelid = f.oid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated))
             or (t.typtype = 'd' and t.typnotnull)
             or exists (
               select from pg_constraint k
               where k.conrelid = f.oid and k.contype = 'c' and k.convalidated and k.conkey = array[a.attnum]
                 and k.conbin::text ~ '^\\{NULLTEST :arg \\{VAR [^{}]*\\} :nulltesttype 1 '),
           'index', (
             select ic.relname
             from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am m on m.oid = ic.relam
             join pg_opclass o on o.oid = i.indclass[0]
             where i.indrelid = f.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indisready and i.indpred is null
               and m.amname = 'btree' and o.opcdefault
             order by i.indnkeyatts, ic.relname
             limit 1),
           'inExpression', exists (
             select from pg_index i join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
               and d.refclassid = 'pg_class'::regclass and d.refobjid = f.oid and d.refobjsubid = a.attnum
             where i.indrelid = f.oid and i.indexprs is not null)
         ) order by a.attnum)
         from pg_attribute a join pg_type t on t.oid = a.atttypid
         where a.attrelid = f.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
       coalesce((
         select json_agg(u.columns) from unique_columns u where u.indrelid = f.oid and u.is_key), '[]') as keys,
       coalesce((
         select json_agg(u.columns) from unique_columns u where u.indrelid = f.oid and not u.is_key), '[]') as "perhapsKeys"
from found f`,
  timeout: 5_000,
})
