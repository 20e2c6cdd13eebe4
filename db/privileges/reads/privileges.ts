import { z } from 'zod'
import { defineRead } from '../../server/define-read'
import { closed, membersOf, seesAs } from '../../server/grants'

/** Whose tables are refused; acted: the role acts for it already, and something else is missing. */
const owner = z.object({ owner: z.string(), superuser: z.boolean(), acted: z.boolean(), tables: z.number(), example: z.string() })

const row = z.object({
  role: z.string(),
  is_superuser: z.boolean(),
  /** Whether it has the privileges of the roles it is granted, where a grant itself does not say (16 and newer). */
  rolinherit: z.boolean(),
  rolreplication: z.boolean(),
  /** The predefined roles of this major (manual, 21.5): whether it uses their privileges without SET ROLE. */
  roles: z.record(z.string(), z.boolean()),
  extensions: z.array(
    z.object({
      name: z.string(),
      /** Null: its files are not on the server. */
      available: z.string().nullable(),
      installed: z.string().nullable(),
      schema: z.string().nullable(),
      /** USAGE on its schema, or on public while it is not installed. */
      may_use_schema: z.boolean(),
      /** What the console calls of it and this role may not, as GRANT writes it: EXECUTE ON FUNCTION … */
      closed: z.array(z.string()),
      /** Those of closed that pg_stat_scan_tables may. */
      by_scan: z.array(z.string()),
    }),
  ),
  /** A parameter of pg_stat_statements exists only while the library is loaded. */
  statements_loaded: z.boolean(),
  /** Null where the role may not see it. */
  shared_preload_libraries: z.string().nullable(),
  tables: z.number(),
  /** Tables whose column statistics are hidden, for want of SELECT or because row security applies. */
  unreadable: z.number(),
  row_security: z.number(),
  /** Owners of the tables that the role may not REINDEX, and of those whose indexes it may not drop. */
  not_maintained: z.array(owner),
  not_owned: z.array(owner),
  /** Collations with a version that indexes of these tables rest on, and the owners of those that the role may not refresh. */
  collations: z.number(),
  not_refreshed: z.array(z.object({ owner: z.string(), superuser: z.boolean(), collations: z.number(), example: z.string() })),
  /** Extensions of this database, and the owners of those that the role may not update; superuser: only one may, whoever owns them. */
  installed: z.number(),
  not_updated: z.array(owner),
  owns_database: z.boolean(),
  may_use_public: z.boolean(),
  may_create_in_public: z.boolean(),
  /** Schemas of tables without USAGE for this role; `even_owner`: nor for an owner of tables in it that is no superuser. */
  closed_schemas: z.array(z.object({ name: z.string(), even_owner: z.boolean() })),
  /** The same of CREATE, which an owner needs for an index. */
  uncreatable_schemas: z.array(z.object({ name: z.string(), even_owner: z.boolean() })),
  /** Of the parameters asked for: those that the role may not set by ALTER SYSTEM. */
  closed_parameters: z.array(z.string()),
  may_reload: z.boolean(),
  /** Functions that reset statistics, as GRANT names them, which the role may not execute. */
  closed_resets: z.array(z.string()),
  /** The same of those that tell which cluster this is. */
  closed_identity: z.array(z.string()),
})

export type Privileges = z.output<typeof row>

const owners = (condition: string) => /* sql */ `
  coalesce((select json_agg(o order by o.tables desc)
     from (select pg_get_userbyid(t.relowner) as owner, r.rolsuper as superuser, pg_has_role(t.relowner, 'usage') as acted, count(*)::int as tables,
                  min(format('%I.%I', t.nspname, t.relname)) as example
             from own t join pg_roles r on r.oid = t.relowner
            where not ${condition} group by 1, 2, 3) o), '[]')`

const schemasWithout = (privilege: 'usage' | 'create') => /* sql */ `
  coalesce((select json_agg(s order by s.name)
     from (select t.nspname as name, bool_or(not r.rolsuper and not has_schema_privilege(t.relowner, t.nspoid, '${privilege}')) as even_owner
             from own t join pg_roles r on r.oid = t.relowner
            where not has_schema_privilege(t.nspoid, '${privilege}') group by 1) s), '[]')`

const OWNS = `pg_has_role(c.relowner, 'usage')`

const CLOSED = closed('w.calls', membersOf('e.oid'))

/** Of the database's own collation the version is kept since 15; only the owner of the database refreshes it. */
const OF_DATABASE = /* sql */ `
  union select 100::oid, d.datname::text, d.datdba
    from used join pg_database d on d.datname = current_database() and d.datcollversion is not null
   where used.oid = 100`

const statement = (mayMaintain: string, mayAlter: string, ofDatabase: string) => /* sql */ `
with /* proctor:privileges */ me as (
  select oid, rolname, rolsuper, rolinherit, rolreplication from pg_roles where rolname = current_user
), own as materialized (
  select c.oid, n.oid as nspoid, n.nspname, c.relname, c.relowner,
         pg_has_role(c.relowner, 'usage') and has_schema_privilege(n.oid, 'usage') and has_schema_privilege(n.oid, 'create') as owned,
         ${mayMaintain} and has_schema_privilege(n.oid, 'usage') as maintained,
         has_table_privilege(c.oid, 'select') as readable,
         c.relrowsecurity and row_security_active(c.oid) as row_security
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), used as materialized (
  select distinct k.oid from own t join pg_index i on i.indrelid = t.oid cross join lateral unnest(i.indcollation::oid[]) k (oid)
), collations as materialized (
  select k.oid, format('%I.%I', n.nspname, k.collname) as name, k.collowner as owner
    from used join pg_collation k on k.oid = used.oid and k.collversion is not null join pg_namespace n on n.oid = k.collnamespace
  ${ofDatabase}
), wanted (name, calls) as (
  values ('pgstattuple', array['pgstatindex(regclass)']), ('pageinspect', '{}'),
         ('pg_stat_statements', array['pg_stat_statements(boolean)', 'pg_stat_statements_info', 'pg_stat_statements_info()'])
)
select me.rolname::text as role, me.rolsuper as is_superuser, me.rolinherit, me.rolreplication,
       (select json_object_agg(r.rolname, case when r.rolname in ('pg_read_all_stats', 'pg_read_all_settings') then ${seesAs('r.oid')} else pg_has_role(r.oid, 'usage') end)
          from pg_roles r where r.rolname ~ '^pg_') as roles,
       (select json_agg(json_build_object(
                 'name', w.name, 'available', a.default_version, 'installed', e.extversion, 'schema', n.nspname,
                 'may_use_schema', case when e.oid is null then coalesce((select has_schema_privilege(p.oid, 'usage') from pg_namespace p where p.nspname = 'public'), false)
                                        else has_schema_privilege(n.oid, 'usage') end,
                 'closed', array(select what from (${CLOSED}) c order by what),
                 'by_scan', array(select what from (${CLOSED}) c
                                   where routine is not null and has_function_privilege('pg_stat_scan_tables', routine, 'execute'))) order by w.name)
          from wanted w
          left join pg_available_extensions a on a.name = w.name
          left join pg_extension e on e.extname = w.name
          left join pg_namespace n on n.oid = e.extnamespace) as extensions,
       exists (select from pg_settings where name = 'pg_stat_statements.max') as statements_loaded,
       (select setting from pg_settings where name = 'shared_preload_libraries') as shared_preload_libraries,
       (select count(*)::int from own) as tables,
       (select count(*)::int from own where not readable) as unreadable,
       (select count(*)::int from own where row_security) as row_security,
       ${owners('t.maintained')} as not_maintained,
       ${owners('t.owned')} as not_owned,
       (select count(*)::int from collations) as collations,
       coalesce((select json_agg(o order by o.collations desc)
          from (select pg_get_userbyid(k.owner) as owner, r.rolsuper as superuser, count(*)::int as collations, min(k.name) as example
                  from collations k join pg_roles r on r.oid = k.owner
                 where not pg_has_role(k.owner, 'usage') group by 1, 2) o), '[]') as not_refreshed,
       (select count(*)::int from pg_extension) as installed,
       coalesce((select json_agg(o order by o.tables desc)
          from (select pg_get_userbyid(e.extowner) as owner, r.rolsuper or coalesce(v.superuser and not v.trusted, false) as superuser,
                       pg_has_role(e.extowner, 'usage') as acted, count(*)::int as tables, min(e.extname) as example
                  from pg_extension e join pg_roles r on r.oid = e.extowner
                  left join pg_available_extension_versions v on v.name = e.extname and v.version = e.extversion
                 where not me.rolsuper and (not pg_has_role(e.extowner, 'usage') or (v.superuser and not v.trusted)) group by 1, 2, 3) o), '[]') as not_updated,
       (select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()) as owns_database,
       coalesce((select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = 'public'), false) as may_use_public,
       coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = 'public'), false) as may_create_in_public,
       ${schemasWithout('usage')} as closed_schemas,
       ${schemasWithout('create')} as uncreatable_schemas,
       (select coalesce(json_agg(s.name order by s.name), '[]') from pg_settings s where s.name = any ($1) and not ${mayAlter}) as closed_parameters,
       has_function_privilege('pg_reload_conf()', 'execute') as may_reload,
       (select coalesce(json_agg(p.oid::regprocedure::text order by p.oid), '[]')
          from pg_proc p
         where not has_function_privilege(p.oid, 'execute')
           and (p.oid in ('pg_stat_reset()'::regprocedure, 'pg_stat_reset_single_table_counters(oid)'::regprocedure)
                or p.proname = 'pg_stat_statements_reset'
                   and exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid
                                where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.refclassid = 'pg_extension'::regclass
                                  and d.deptype = 'e' and e.extname = 'pg_stat_statements'))) as closed_resets,
       array(select format('EXECUTE ON FUNCTION pg_catalog.%I()', p.proname) from pg_proc p
              where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in ('pg_control_system', 'pg_control_checkpoint')
                and not has_function_privilege(p.oid, 'execute') order by 1) as closed_identity
  from me`

/**
 * What the role that the console connects as may see and do in a database, by looking: nothing is tried.
 * Source: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-ACCESS
 */
export const privileges = defineRead({
  name: 'privileges',
  about: 'What the role of the console may see and do in a database',
  params: z.object({ parameters: z.array(z.string()) }),
  row,
  sql: {
    14: statement(OWNS, 'me.rolsuper', ''),
    15: statement(OWNS, `has_parameter_privilege(s.name, 'alter system')`, OF_DATABASE),
    17: statement(`(${OWNS} or has_table_privilege(c.oid, 'maintain'))`, `has_parameter_privilege(s.name, 'alter system')`, OF_DATABASE),
  },
  keep: 0,
})
