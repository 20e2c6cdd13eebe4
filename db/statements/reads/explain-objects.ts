import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** A name in a statement, and what it may be the name of. */
export const askedName = z.object({
  kind: z.enum(['function', 'attribute', 'operator', 'type', 'cast', 'relation']),
  /** null: found by the search_path. */
  schema: z.string().nullable(),
  name: z.string(),
  /** The schemas that a name without one is looked for in, besides pg_catalog. */
  path: z.array(z.string()),
})

/**
 * Everything that names in a statement may lead to: each function, operator, type and relation of that name, and by
 * pg_depend all that they stand on: a view's functions and relations, a table's rules, indexes, checks, defaults, statistics and
 * partitions (the planner evaluates their expressions), default arguments, aggregates' parts, types' elements, ranges, checks
 * and casts. What PostgreSQL itself brings is pinned and has no pg_depend rows; it is found by name alone, in the definitions.
 *
 * - trusted: its owner is a superuser or this role (also after SET ROLE), so that calling it gives nobody more than he has.
 * - runs: it may be executed when the statement runs; not so what only the planner looks at.
 * - called: it may be called at all; not so a cast between types that the statement does not reach: that only has to be trusted.
 * - of_operator: estimates of selectivity call it, whatever its volatility.
 * - A function t(x) may be a cast to the type t.
 * - An attribute t.f may be the function f(t) (manual, 36.5.3): only functions of one composite argument count.
 * - A function with an argument of type internal is called by no SQL.
 */
export const explainObjects = defineRead({
  name: 'explain-objects',
  about: 'The functions and relations that names in a statement lead to, with their owners and volatility',
  params: z.object({
    /** JSON of askedName. */
    names: z.string(),
  }),
  row: z.object({
    /** expression: of a table or a type, for its definition alone. missing: the catalog knows nothing of that name. */
    kind: z.enum(['function', 'operator', 'relation', 'expression', 'missing']),
    oid: oid.nullable(),
    /** As regprocedure, regoperator or regclass prints it; of a missing one the name. */
    identity: z.string(),
    name: z.string(),
    /** Of a missing one what it was looked for as. */
    owner: z.string().nullable(),
    trusted: z.boolean(),
    built_in: z.boolean(),
    runs: z.boolean(),
    called: z.boolean(),
    of_operator: z.boolean(),
    /** i, s, v of a function. */
    volatility: z.string().nullable(),
    language: z.string().nullable(),
    extension: z.string().nullable(),
    relkind: z.string().nullable(),
    /** Names in it are bound: the SELECT of a view, a rule; an expression or a list of such; a function's body in SQL of the standard. */
    definition: definition.nullable(),
    /** A function's body as it was given: names in it are looked up when it is called. */
    body: definition.nullable(),
    /** The search_path that a function sets for itself. */
    search_path: z.string().nullable(),
  }),
  sql: /* sql */ `
with /* proctor:explain-objects */ recursive asked as (
  select * from json_to_recordset($1::json) as a (kind text, schema text, name text, path text[])
), placed as (
  select distinct a.kind, a.schema, a.name, n.oid as nsp
  from asked a
  join pg_namespace n on case when a.schema is null then n.nspname = any (a.path) or n.nspname = 'pg_catalog' else n.nspname = a.schema end
), start as (
  select a.kind, a.schema, a.name, 'pg_proc'::regclass::oid as classid, p.oid as objid
  from placed a join pg_proc p on p.proname = a.name and p.pronamespace = a.nsp
  where a.kind = 'function'
  union all
  select a.kind, a.schema, a.name, 'pg_proc'::regclass, p.oid
  from placed a
  join pg_proc p on p.proname = a.name and p.pronamespace = a.nsp and p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1
  join pg_type t on t.oid = p.proargtypes[0] and t.typtype in ('c', 'p', 'd')
  where a.kind = 'attribute'
  union all
  select a.kind, a.schema, a.name, 'pg_operator'::regclass, o.oid
  from placed a join pg_operator o on o.oprname = a.name and o.oprnamespace = a.nsp
  where a.kind = 'operator'
  union all
  select a.kind, a.schema, a.name, 'pg_type'::regclass, t.oid
  from placed a join pg_type t on t.typname = a.name and t.typnamespace = a.nsp
  where a.kind in ('type', 'cast')
  union all
  select a.kind, a.schema, a.name, 'pg_class'::regclass, c.oid
  from placed a join pg_class c on c.relname = a.name and c.relnamespace = a.nsp
  where a.kind = 'relation' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), reached (classid, objid, runs, called, of_operator) as (
  select classid, objid, true, true, false from start
  union
  select 'pg_proc'::regclass, castfunc, true, castsource < 16384 and casttarget < 16384, false from pg_cast where castfunc >= 16384
  union
  select next.classid, next.objid, r.runs and next.runs, r.called, next.of_operator
  from reached r
  cross join lateral (
    select d.refclassid as classid, d.refobjid as objid, true as runs, false as of_operator
    from pg_depend d
    where d.classid = r.classid and d.objid = r.objid
      and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass, 'pg_class'::regclass)
    union all
    select 'pg_rewrite'::regclass, w.oid, true, false
    from pg_rewrite w join pg_class c on c.oid = w.ev_class
    where r.classid = 'pg_class'::regclass and w.ev_class = r.objid and c.relkind <> 'm'
    union all
    select 'pg_class'::regclass, i.inhrelid, true, false from pg_inherits i where r.classid = 'pg_class'::regclass and i.inhparent = r.objid
    union all
    select 'pg_class'::regclass, i.indexrelid, false, false from pg_index i where r.classid = 'pg_class'::regclass and i.indrelid = r.objid
    union all
    select 'pg_attrdef'::regclass, f.oid, false, false from pg_attrdef f where r.classid = 'pg_class'::regclass and f.adrelid = r.objid
    union all
    select 'pg_statistic_ext'::regclass, x.oid, false, false
    from pg_statistic_ext x
    where r.classid = 'pg_class'::regclass and x.stxrelid = r.objid
    union all
    select 'pg_constraint'::regclass, k.oid, false, false
    from pg_constraint k
    where r.classid = 'pg_class'::regclass and k.conrelid = r.objid and k.contype = 'c'
    union all
    select 'pg_constraint'::regclass, k.oid, true, false
    from pg_constraint k
    where r.classid = 'pg_type'::regclass and k.contypid = r.objid
    union all
    select 'pg_type'::regclass, c.reltype, true, false from pg_class c where r.classid = 'pg_class'::regclass and c.oid = r.objid and c.reltype <> 0
    union all
    select other.classid, other.objid, true, false
    from pg_type t
    cross join lateral (values ('pg_class'::regclass, t.typrelid), ('pg_type', t.typarray), ('pg_type', t.typelem), ('pg_type', t.typbasetype)) other (classid, objid)
    where r.classid = 'pg_type'::regclass and t.oid = r.objid and r.objid >= 16384 and other.objid <> 0
    union all
    select other.classid, other.objid, true, false
    from pg_range g
    cross join lateral (values ('pg_type'::regclass, g.rngtypid), ('pg_type', g.rngmultitypid), ('pg_type', g.rngsubtype), ('pg_proc', g.rngcanonical), ('pg_proc', g.rngsubdiff)) other (classid, objid)
    where r.classid = 'pg_type'::regclass and r.objid in (g.rngtypid, g.rngmultitypid) and other.objid <> 0
    union all
    select 'pg_proc'::regclass, k.castfunc, true, false
    from pg_cast k
    where r.classid = 'pg_type'::regclass and r.objid >= 16384 and k.castfunc >= 16384 and r.objid in (k.castsource, k.casttarget)
    union all
    select 'pg_proc'::regclass, o.oprcode, true, true from pg_operator o where r.classid = 'pg_operator'::regclass and o.oid = r.objid and o.oprcode <> 0
    union all
    select 'pg_operator'::regclass, other.objid, true, false
    from pg_operator o
    cross join lateral (values (o.oprcom), (o.oprnegate)) other (objid)
    where r.classid = 'pg_operator'::regclass and o.oid = r.objid and o.oid >= 16384 and other.objid <> 0
    union all
    select 'pg_proc'::regclass, part, true, false
    from pg_aggregate g
    cross join unnest(array[g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn]::oid[]) part
    where r.classid = 'pg_proc'::regclass and r.objid >= 16384 and g.aggfnoid = r.objid and part <> 0
  ) next
  where r.called
), found as (
  select classid, objid, bool_or(runs) as runs, bool_or(called) as called, bool_or(of_operator) as of_operator from reached group by classid, objid
)
select 'function' as kind, p.oid, p.oid::regprocedure::text as identity, p.proname::text as name, o.rolname::text as owner,
       p.oid < 16384 or o.rolsuper or o.rolname in (current_user, session_user) as trusted, p.oid < 16384 as built_in,
       f.runs, f.called and not 'internal'::regtype = any (p.proargtypes::oid[]) as called, f.of_operator,
       p.provolatile::text as volatility, l.lanname::text as language,
       (select e.extname::text from pg_depend d join pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e') as extension,
       null as relkind,
       concat_ws(';', 'select ' || pg_get_expr(p.proargdefaults, 0),
         case when p.oid >= 16384 and f.called then 'create function f() returns int ' || pg_get_function_sqlbody(p.oid) end) as definition,
       case when p.oid >= 16384 and f.called and l.lanname = 'sql' and p.prosqlbody is null then p.prosrc end as body,
       (select substr(c, length('search_path=') + 1) from unnest(p.proconfig) c where c ^@ 'search_path=') as search_path
from found f
join pg_proc p on p.oid = f.objid
join pg_roles o on o.oid = p.proowner
join pg_language l on l.oid = p.prolang
where f.classid = 'pg_proc'::regclass
union all
select 'operator', p.oid, p.oid::regoperator::text, p.oprname, o.rolname, o.rolsuper or o.rolname in (current_user, session_user), false, true, true, true,
       null, null, null, null, null, null, null
from found f
join pg_operator p on p.oid = f.objid
join pg_roles o on o.oid = p.oprowner
where f.classid = 'pg_operator'::regclass and p.oid >= 16384
union all
select 'relation', c.oid, c.oid::regclass::text, c.relname, o.rolname, c.oid < 16384 or o.rolsuper or o.rolname in (current_user, session_user), c.oid < 16384,
       f.runs, true, false, null, null, null, c.relkind::text, case when c.relkind = 'v' then pg_get_viewdef(c.oid) end, null, null
from found f
join pg_class c on c.oid = f.objid
join pg_roles o on o.oid = c.relowner
where f.classid = 'pg_class'::regclass and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select 'expression', e.oid, e.name, e.name, null, true, e.oid < 16384, f.runs, true, false, null, null, null, null, e.definition, null, null
from found f
join lateral (
  select w.oid, w.rulename::text as name, pg_get_ruledef(w.oid) as definition from pg_rewrite w
  where f.classid = 'pg_rewrite'::regclass and w.oid = f.objid and w.rulename <> '_RETURN'
  union all
  select d.oid, d.adrelid::regclass::text, 'select ' || pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
  where f.classid = 'pg_attrdef'::regclass and d.oid = f.objid
  union all
  select k.oid, k.conname, 'select ' || pg_get_expr(k.conbin, k.conrelid) from pg_constraint k
  where f.classid = 'pg_constraint'::regclass and k.oid = f.objid
  union all
  select i.indexrelid, i.indexrelid::regclass::text,
         'select ' || concat_ws(', ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
  from pg_index i
  where f.classid = 'pg_class'::regclass and i.indexrelid = f.objid and (i.indexprs is not null or i.indpred is not null)
  union all
  select x.oid, x.stxname, 'select ' || pg_get_expr(x.stxexprs, x.stxrelid) from pg_statistic_ext x
  where f.classid = 'pg_statistic_ext'::regclass and x.oid = f.objid
  union all
  select t.partrelid, t.partrelid::regclass::text, 'select ' || pg_get_expr(t.partexprs, t.partrelid) from pg_partitioned_table t
  where f.classid = 'pg_class'::regclass and t.partrelid = f.objid
) e (oid, name, definition) on e.definition is not null
union all
select 'missing', null, concat_ws('.', a.schema, a.name), a.name, a.kind, false, false, true, true, false, null, null, null, null, null, null, null
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
