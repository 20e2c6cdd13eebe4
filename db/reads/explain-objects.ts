import { z } from 'zod'
import { oid } from '../server/columns'
import { defineRead } from '../server/define-read'

/** A name in a statement, and what it may be the name of. */
export const askedName = z.object({
  kind: z.enum(['function', 'attribute', 'operator', 'type', 'cast', 'relation']),
  /** null: found by the search_path. */
  schema: z.string().nullable(),
  name: z.string(),
})

/**
 * Everything that names in a statement may lead to: each function, operator, type and relation of that name, and by
 * pg_depend all that they stand on: a view's functions and relations, a table's indexes, checks, defaults, statistics and
 * partitions (the planner evaluates their expressions), default arguments, aggregates' parts, domains' checks, and every
 * cast that somebody added. What PostgreSQL itself brings is pinned and has no pg_depend rows; it is found by name alone.
 *
 * - trusted: its owner is a superuser or this role, so that calling it gives nobody more than he has; or it is written in C,
 *   which takes a superuser.
 * - runs: it may be executed when the statement runs; not so what only the planner looks at.
 * - A function t(x) may be a cast to the type t.
 * - An attribute t.f may be the function f(t) (manual, 36.5.3): only functions of a composite argument count.
 */
export const explainObjects = defineRead({
  name: 'explain-objects',
  about: 'The functions and relations that names in a statement lead to, with their owners and volatility',
  params: z.object({
    /** JSON of askedName. */
    names: z.string(),
    /** The schemas of the search_path, in order. */
    path: z.array(z.string()),
  }),
  row: z.object({
    /** missing: the catalog knows nothing of that name. */
    kind: z.enum(['function', 'relation', 'missing']),
    oid: oid.nullable(),
    /** As regprocedure or regclass prints it; of a missing one the name. */
    identity: z.string(),
    owner: z.string().nullable(),
    trusted: z.boolean(),
    runs: z.boolean(),
    /** i, s, v of a function. */
    volatility: z.string().nullable(),
    relkind: z.string().nullable(),
    /** The SELECT of a view; the expressions of a function's default arguments, as a SELECT list. */
    definition: z.string().nullable(),
  }),
  sql: /* sql */ `
with /* proctor:explain-objects */ recursive asked as (
  select * from json_to_recordset($1::json) as a (kind text, schema text, name text)
), path as (
  select oid from pg_namespace where nspname = any ($2::text[]) or nspname = 'pg_catalog'
), placed as (
  select a.*, n.oid as nsp from asked a left join pg_namespace n on n.nspname = a.schema
), start as (
  select a.kind, a.schema, a.name, 'pg_proc'::regclass::oid as classid, p.oid as objid
  from placed a join pg_proc p on p.proname = a.name and (p.pronamespace = a.nsp or a.schema is null and p.pronamespace in (select oid from path))
  where a.kind = 'function'
  union all
  select a.kind, a.schema, a.name, 'pg_proc'::regclass, p.oid
  from placed a
  join pg_proc p on p.proname = a.name and p.oid >= 16384 and p.pronargs >= 1 and p.pronamespace in (select oid from path)
  join pg_type t on t.oid = p.proargtypes[0] and t.typtype in ('c', 'p', 'd')
  where a.kind = 'attribute'
  union all
  select a.kind, a.schema, a.name, 'pg_operator'::regclass, o.oid
  from placed a join pg_operator o on o.oprname = a.name and (o.oprnamespace = a.nsp or a.schema is null and o.oprnamespace in (select oid from path))
  where a.kind = 'operator'
  union all
  select a.kind, a.schema, a.name, 'pg_type'::regclass, t.oid
  from placed a join pg_type t on t.typname = a.name and (t.typnamespace = a.nsp or a.schema is null and t.typnamespace in (select oid from path))
  where a.kind in ('type', 'cast')
  union all
  select a.kind, a.schema, a.name, 'pg_class'::regclass, c.oid
  from placed a join pg_class c on c.relname = a.name and (c.relnamespace = a.nsp or a.schema is null and c.relnamespace in (select oid from path))
  where a.kind = 'relation' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), casts as (
  select 'pg_proc'::regclass::oid as classid, castfunc as objid from pg_cast where castfunc >= 16384
), reached (classid, objid, runs) as (
  select classid, objid, true from start
  union
  select classid, objid, true from casts
  union
  select next.classid, next.objid, r.runs and next.runs
  from reached r
  cross join lateral (
    select d.refclassid as classid, d.refobjid as objid, true as runs
    from pg_depend d
    where d.classid = r.classid and d.objid = r.objid
      and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass, 'pg_class'::regclass)
    union all
    select 'pg_rewrite'::regclass, w.oid, true from pg_rewrite w where r.classid = 'pg_class'::regclass and w.ev_class = r.objid
    union all
    select 'pg_class'::regclass, i.inhrelid, true from pg_inherits i where r.classid = 'pg_class'::regclass and i.inhparent = r.objid
    union all
    select 'pg_class'::regclass, i.indexrelid, false from pg_index i where r.classid = 'pg_class'::regclass and i.indrelid = r.objid
    union all
    select 'pg_attrdef'::regclass, f.oid, false from pg_attrdef f where r.classid = 'pg_class'::regclass and f.adrelid = r.objid
    union all
    select 'pg_statistic_ext'::regclass, x.oid, false from pg_statistic_ext x where r.classid = 'pg_class'::regclass and x.stxrelid = r.objid
    union all
    select 'pg_constraint'::regclass, k.oid, false
    from pg_constraint k
    where r.classid = 'pg_class'::regclass and k.conrelid = r.objid and k.contype = 'c'
    union all
    select 'pg_constraint'::regclass, k.oid, true from pg_constraint k where r.classid = 'pg_type'::regclass and k.contypid = r.objid
    union all
    select 'pg_proc'::regclass, o.oprcode, true from pg_operator o where r.classid = 'pg_operator'::regclass and o.oid = r.objid
  ) next
), found as (
  select classid, objid, bool_or(runs) as runs from reached group by classid, objid
)
select 'function' as kind, p.oid, p.oid::regprocedure::text as identity, o.rolname::text as owner,
       p.oid < 16384 or o.rolsuper or o.rolname = current_user or l.lanname in ('c', 'internal') as trusted,
       f.runs, p.provolatile::text as volatility, null as relkind, pg_get_expr(p.proargdefaults, 0) as definition
from found f
join pg_proc p on p.oid = f.objid
join pg_roles o on o.oid = p.proowner
join pg_language l on l.oid = p.prolang
where f.classid = 'pg_proc'::regclass
union all
select 'relation', c.oid, c.oid::regclass::text, o.rolname, c.oid < 16384 or o.rolsuper or o.rolname = current_user,
       f.runs, null, c.relkind::text, case when c.relkind = 'v' then pg_get_viewdef(c.oid) end
from found f
join pg_class c on c.oid = f.objid
join pg_roles o on o.oid = c.relowner
where f.classid = 'pg_class'::regclass and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select 'missing', null, concat_ws('.', a.schema, a.name), a.kind, false, true, null, null, null
from asked a
where a.kind not in ('attribute', 'cast') and not exists (select from start s where (s.kind, s.name) = (a.kind, a.name) and s.schema is not distinct from a.schema)`,
  timeout: 5_000,
  keep: 0,
})

/** The search_path of somebody's sessions in this database: by his settings, the database's, the server's (manual, 20.1.3). */
export const searchPathOf = defineRead({
  name: 'search-path-of',
  about: "The search_path that a role's sessions start with in this database",
  params: z.object({ rolname: z.string() }),
  row: z.object({ search_path: z.string() }),
  sql: /* sql */ `
select /* proctor:search-path-of */ coalesce(
  (select substr(c, length('search_path=') + 1)
   from pg_db_role_setting s
   left join pg_roles r on r.oid = s.setrole
   cross join unnest(s.setconfig) c
   where c ^@ 'search_path=' and (s.setrole = 0 or r.rolname = $1)
     and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
   order by s.setrole <> 0 desc, s.setdatabase <> 0 desc
   limit 1),
  (select reset_val from pg_settings where name = 'search_path')) as search_path`,
})
