import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const KINDS = ['function', 'operator', 'type', 'relation'] as const

/** What maintenance of some relations calls, as far as somebody else than PostgreSQL made it. */
export const calledFunctions = defineRead({
  name: 'called-functions',
  about: 'Functions of expressions in indexes, extended statistics and views, or of other functions, with their bodies',
  params: z.object({
    /** Indexes, tables for their extended statistics, materialized views. */
    relations: z.array(oid),
    /** Functions whose bodies name others in the standard's form, which was bound when they were made. */
    functions: z.array(oid),
    /** Beside these, by their names. */
    schemas: z.array(z.string()),
    names: z.array(z.string()),
  }),
  row: z.object({
    oid,
    nspname: z.string(),
    proname: z.string(),
    /** As ALTER FUNCTION takes it: schema.name(types). */
    signature: z.string(),
    lanname: z.string(),
    /** It names what it calls by OID. */
    bound: z.boolean(),
    /** Names are looked up where the function itself says. */
    pinned: z.boolean(),
    body: definition,
    /** The whole CREATE FUNCTION, for PL/pgSQL. */
    whole: definition.nullable(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:called-functions */ dependent as (
  select 'pg_class'::regclass::oid as classid, c.oid as objid from pg_class c where c.oid = any ($1::oid[]) and c.relkind in ('i', 'I')
  union all
  select 'pg_rewrite'::regclass, r.oid from pg_rewrite r where r.ev_class = any ($1::oid[])
  union all
  select 'pg_statistic_ext'::regclass, s.oid from pg_statistic_ext s where s.stxrelid = any ($1::oid[])
  union all
  select 'pg_proc'::regclass, u.oid from unnest($2::oid[]) u (oid)
), called as (
  select d.refobjid as oid from dependent join pg_depend d on d.classid = dependent.classid and d.objid = dependent.objid
   where d.refclassid = 'pg_proc'::regclass
  union
  select o.oprcode from dependent join pg_depend d on d.classid = dependent.classid and d.objid = dependent.objid
    join pg_operator o on o.oid = d.refobjid where d.refclassid = 'pg_operator'::regclass
  union
  select p.oid from unnest($3::text[], $4::text[]) w (nspname, name) join pg_namespace n on n.nspname = w.nspname
    join pg_proc p on p.pronamespace = n.oid and p.proname = w.name
)
select p.oid, n.nspname, p.proname, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as signature, l.lanname,
       p.prosqlbody is not null as bound, exists (select from unnest(p.proconfig) c where c like 'search_path=%') as pinned,
       p.prosrc as body, case when l.lanname = 'plpgsql' then pg_get_functiondef(p.oid) end as whole
  from called join pg_proc p on p.oid = called.oid and p.prokind = 'f' join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
 where n.nspname <> 'pg_catalog' and l.lanname in ('sql', 'plpgsql')
 order by signature`,
})

/** Names that mean nothing in pg_catalog and something in another schema. */
export const namesOutOfReach = defineRead({
  name: 'names-out-of-reach',
  about: 'Of functions, operators, types and relations by name: those that pg_catalog does not have and another schema has',
  params: z.object({ kinds: z.array(z.enum(KINDS)), names: z.array(z.string()) }),
  row: z.object({ kind: z.enum(KINDS), name: z.string(), schemas: z.array(z.string()) }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:names-out-of-reach */ wanted as (
  select distinct w.kind, w.name from unnest($1::text[], $2::text[]) w (kind, name)
), found as (
  select w.kind, w.name, p.pronamespace as nsp from wanted w join pg_proc p on p.proname = w.name where w.kind = 'function'
  union all
  select w.kind, w.name, o.oprnamespace from wanted w join pg_operator o on o.oprname = w.name where w.kind = 'operator'
  union all
  select w.kind, w.name, t.typnamespace from wanted w join pg_type t on t.typname = w.name where w.kind = 'type'
  union all
  select w.kind, w.name, c.relnamespace from wanted w join pg_class c on c.relname = w.name and c.relpersistence <> 't' where w.kind = 'relation'
)
select f.kind, f.name, array_agg(distinct n.nspname::text order by n.nspname::text) as schemas
  from found f join pg_namespace n on n.oid = f.nsp
 group by f.kind, f.name
having not bool_or(n.nspname = 'pg_catalog')
 order by 1, 2`,
})

export type NameKind = (typeof KINDS)[number]
