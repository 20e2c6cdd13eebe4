import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Blocks of every heap, TOAST table and index of a database that was ever used, as pg_statio_all_tables counts them (manual, 27.2.22). Those of
 * temporary tables are in no shared buffer, those of shared catalogs no database's: both are left out.
 */
export const relationBlocks = defineRead({
  name: 'relation-blocks',
  about: 'Blocks read and found in shared_buffers, by heap, TOAST table and index, as counted',
  params: z.object({}),
  row: z.object({ relid: oid, blks_read: counter, blks_hit: counter }),
  timeout: 5_000,
  keep: 0,
  sql: /* sql */ `
with /* proctor:relation-blocks */ counted as materialized (
  select c.oid, pg_stat_get_blocks_fetched(c.oid) as fetched, pg_stat_get_blocks_hit(c.oid) as hit
    from pg_class c
   where c.relkind in ('r', 'm', 't', 'i') and c.relpersistence <> 't' and not c.relisshared
)
select oid as relid, fetched - hit as blks_read, hit as blks_hit from counted where fetched > 0`,
})
