import { z } from 'zod'
import { float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What a reset would take, and who may do it. */
export interface ResetFacts {
  title: string
  statement: string
  /** The function that resets, as GRANT names it. */
  routine: string
  grantee: string
  may_reset: boolean
  /** How old the counters are that go. */
  seconds: number
  loses: string
  also: string[]
  phrase: string
  /** More than one object loses its counters. */
  all: boolean
}

/** Without texts, whose file need not be read then. */
const STATEMENTS_CALLS = ['pg_stat_statements(boolean)', 'pg_stat_statements_info', 'pg_stat_statements_info()']

const common = { may_reset: z.boolean(), grantee: z.string(), seconds: float }

const SINCE = /* sql */ `coalesce((select d.stats_reset from pg_stat_database d where d.datname = current_database()), pg_postmaster_start_time())`

export const databaseCounters = defineRead({
  name: 'reset-of-database',
  about: 'Since when the counters of this database count, and whether this role may reset them',
  params: z.object({}),
  row: z.object({ ...common, datid: oid, datname: z.string(), reset_at: z.coerce.number().nullable() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:reset-of-database */ d.datid, d.datname, extract(epoch from d.stats_reset) * 1000 as reset_at, quote_ident(current_user) as grantee,
       has_function_privilege('pg_stat_reset()', 'EXECUTE') as may_reset,
       extract(epoch from clock_timestamp() - ${SINCE})::float8 as seconds
  from pg_stat_database d where d.datname = current_database()`,
})

export const relationCounters = defineRead({
  name: 'reset-of-relation',
  about: 'One table or index whose counters could be reset, and whether this role may',
  params: z.object({ oid }),
  row: z.object({ ...common, schemaname: z.string(), relname: z.string(), relid: oid, is_index: z.boolean() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:reset-of-relation */ n.nspname as schemaname, c.relname, coalesce(i.indrelid, c.oid) as relid, i.indexrelid is not null as is_index,
       quote_ident(current_user) as grantee,
       has_function_privilege('pg_stat_reset_single_table_counters(oid)', 'EXECUTE') as may_reset,
       extract(epoch from clock_timestamp() - ${SINCE})::float8 as seconds
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
 where c.oid = $1 and c.relkind in ('r', 'm', 't', 'i')`,
})

/** pg_stat_statements_info has its time of reset from 1.9 on, which came with 14. 0 stands for all, as in the function. */
export const statementCounters = defineRead({
  name: 'reset-of-statements',
  about: 'An entry of pg_stat_statements, or all, and whether this role may reset it',
  extension: { name: 'pg_stat_statements', version: '1.9' },
  calls: STATEMENTS_CALLS,
  params: z.object({ userid: oid, dbid: oid, queryid: z.string() }),
  row: z.object({ ...common, extension_oid: oid, schemaname: z.string(), routine: z.string(), arguments: z.number() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:reset-of-statements */ e.oid as extension_oid, n.nspname as schemaname, quote_ident(current_user) as grantee,
       format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as routine, p.pronargs as arguments,
       has_function_privilege(p.oid, 'EXECUTE') as may_reset,
       extract(epoch from clock_timestamp() - coalesce(
         (select stats_reset from @extschema@.pg_stat_statements_info), pg_postmaster_start_time()))::float8 as seconds
  from pg_extension e
  join pg_namespace n on n.oid = e.extnamespace
  join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and d.classid = 'pg_proc'::regclass
  join pg_proc p on p.oid = d.objid and p.proname = 'pg_stat_statements_reset'
 where e.extname = 'pg_stat_statements'
   and ($3::int8 = 0 or exists (select from @extschema@.pg_stat_statements(false) s where s.userid = $1 and s.dbid = $2 and s.queryid = $3::int8))`,
})

export const statementsLeft = defineRead({
  name: 'statements-left',
  about: 'Whether an entry of pg_stat_statements is there, and when all of them were reset',
  extension: { name: 'pg_stat_statements', version: '1.9' },
  calls: STATEMENTS_CALLS,
  params: z.object({ userid: z.string(), dbid: z.string(), queryid: z.string() }),
  row: z.object({ left: z.number(), reset_at: z.coerce.number().nullable() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:statements-left */ (select count(*)::int from @extschema@.pg_stat_statements(false) s
         where s.userid = $1::oid and s.dbid = $2::oid and s.queryid = $3::int8) as left,
       extract(epoch from i.stats_reset) * 1000 as reset_at
  from @extschema@.pg_stat_statements_info i`,
})
