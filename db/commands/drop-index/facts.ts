import { z } from 'zod'
import type { IndexNode } from '../../indexes/reads/index-nodes'
import { counter, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const row = z.object({
  indisunique: z.boolean(),
  has_exprs: z.boolean(),
  conname: z.string().nullable(),
  referenced_by: z.array(z.string()),
  /** REFRESH MATERIALIZED VIEW CONCURRENTLY needs a unique index like it, and its materialized view has no other. */
  sole_for_refresh: z.boolean(),
  idx_scan: counter,
  last_idx_scan: timestamp.nullable(),
  /** Standbys and other receivers of WAL that are connected: what is scanned there is not counted here. */
  receivers: z.number(),
})

export interface DropFacts extends z.output<typeof row> {
  /** The index and those that are attached below it. */
  nodes: IndexNode[]
  /** Foreign keys that it serves and no other index would, for certain. */
  sole_for: string[]
}

const statement = (lastScan: string) => /* sql */ `
with /* proctor:index-drop */ recursive part as (
  select c.oid from pg_class c where c.oid = $1 and c.relkind in ('i', 'I')
  union all
  select h.inhrelid from part join pg_inherits h on h.inhparent = part.oid
)
select i.indisunique, i.indexprs is not null as has_exprs,
       coalesce((select count(*) = 1 and bool_or(u.indexrelid = i.indexrelid) from pg_index u join pg_class m on m.oid = u.indrelid and m.relkind = 'm'
                  where u.indrelid = i.indrelid and u.indisunique and u.indisvalid and u.indimmediate and u.indpred is null and u.indexprs is null),
                false) as sole_for_refresh,
       (select min(k.conname) from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as conname,
       array(select format('%I of %s', f.conname, f.conrelid::regclass) from pg_constraint f
              where f.conindid in (select oid from part) and f.contype = 'f' order by f.conname) as referenced_by,
       (select coalesce(sum(pg_stat_get_numscans(oid)), 0)::int8 from part) as idx_scan,
       ${lastScan} as last_idx_scan,
       (select count(*)::int from pg_stat_replication) as receivers
  from pg_index i
 where i.indexrelid = $1`

export const indexDrop = defineRead({
  name: 'index-drop',
  about: 'What a drop of one index would take away',
  params: z.object({ oid }),
  row,
  keep: 0,
  sql: {
    14: statement('null::timestamptz'),
    16: statement('(select max(pg_stat_get_lastscan(oid)) from part)'),
  },
})
