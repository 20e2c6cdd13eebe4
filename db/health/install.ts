import { qualified } from '../server/identifiers'
import { CHECK_INDEX_BLOAT } from './check-index-bloat'
import { MONITOR_INDEX_HEALTH } from './monitor-index-health'

/**
 * The statements that install monitor_index_health and check_index_bloat in a schema, in this order, each by itself or all
 * in one transaction. Functions without parameters by these names, as the guide had them, go first: beside the new ones a
 * call would be ambiguous (42725). Needs CREATE on the schema. The lock_timeout is for the moment in which a lock
 * comes between the look into pg_locks and the reading.
 */
export const installStatements = (schema: string): string[] => [
  `drop function if exists ${qualified(schema, 'monitor_index_health')}(), ${qualified(schema, 'check_index_bloat')}()`,
  `create or replace function ${qualified(schema, 'monitor_index_health')}(p_schema text default 'public')
returns table (
  schema_name text, table_name text, index_name text, index_size text,
  index_scans bigint, tuples_read bigint, tuples_fetched bigint, usage_ratio numeric, recommendation text
)
language sql stable set search_path = pg_catalog set lock_timeout = '1s'
as $body$${MONITOR_INDEX_HEALTH}
$body$`,
  `create or replace function ${qualified(schema, 'check_index_bloat')}(
  p_schema text default 'public', p_min_ratio numeric default 40, p_min_waste bigint default 1048576
)
returns table (
  schema_name text, table_name text, index_name text, bloat_ratio numeric, wasted_space text, recommendation text
)
language sql volatile set search_path = pg_catalog set lock_timeout = '1s'
as $body$${CHECK_INDEX_BLOAT}
$body$`,
]

/** The statement that removes them again. */
export const removeStatement = (schema: string): string =>
  `drop function if exists ${qualified(schema, 'monitor_index_health')}(text), ${qualified(schema, 'check_index_bloat')}(text, numeric, bigint)`
