import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * pg_relation_size (main fork, bytes) of every index of user tables. It opens each index: 30,000 of them cost a backend
 * 0.5 s and 150 MB, so it is asked only where index-bloat-estimate, which tells the sizes too, has no answer. null: the
 * index is under an AccessExclusiveLock, held or waited for.
 */
export const indexSizes = defineRead({
  name: 'index-sizes',
  about: 'Size of every index of user tables',
  params: z.object({}),
  row: z.object({ indexrelid: oid, bytes: bytes.nullable() }),
  sql: /* sql */ `
with /* proctor:index-sizes */ ${LOCKED}
select c.oid as indexrelid, case when c.oid not in (select relation from locked) then pg_relation_size(c.oid) end as bytes
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'i' and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`,
  timeout: 5_000,
  keep: 5_000,
})
