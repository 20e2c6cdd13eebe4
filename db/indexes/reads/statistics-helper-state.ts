import { createHash } from 'node:crypto'
import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { HELPER_BODIES, HELPER_SCHEMA } from './statistics-helper-sql'

const digests = HELPER_BODIES.map((body) => `'${createHash('md5').update(body).digest('hex')}'`).join(', ')

/**
 * Whether the statistics helper is installed, and may be called without fear: both functions have the body that we know,
 * run with the rights of their owner and with a pinned search_path, and they and their schema belong to somebody who may
 * read everything anyway. Functions that only look alike are not called.
 */
export const statisticsHelperState = defineRead({
  name: 'statistics-helper-state',
  about: 'Whether the statistics helper is installed, and whether this role may call and install it',
  params: z.object({}),
  row: z.object({
    /** The schema, once there; 0 before. */
    oid,
    /** Functions with these names: 2 when it is installed in whatever form. */
    functions: z.number().int(),
    /** They are ours, unchanged, and this role may call them. */
    callable: z.boolean(),
    may_install: z.boolean(),
    reads_all: z.boolean(),
  }),
  keep: 5_000,
  sql: /* sql */ `
with /* proctor:statistics-helper-state */ home as (select * from pg_namespace where nspname = '${HELPER_SCHEMA}'),
found as (
  select p.*, p.prosecdef and p.proconfig = array['search_path=pg_catalog, pg_temp'] and md5(p.prosrc) in (${digests})
              and pg_has_role(p.proowner, 'pg_read_all_data', 'usage') and pg_has_role(n.nspowner, 'pg_read_all_data', 'usage')
              and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute') as callable
    from pg_proc p join home n on n.oid = p.pronamespace where p.proname in ('column_statistics', 'key_combinations'))
select coalesce((select oid from home), 0)::oid as oid, (select count(*)::int from found) as functions,
       (select count(*) = 2 and bool_and(callable) from found) as callable,
       coalesce((select has_schema_privilege(oid, 'create') and has_schema_privilege(oid, 'usage') from home), has_database_privilege(current_database(), 'create')) as may_install,
       pg_has_role('pg_read_all_data', 'usage') as reads_all`,
})
