import { z } from 'zod'
import { type PartitionRepair, repairPartitions } from '../../indexes/partition-repair'
import { partitionIndexes } from '../../indexes/reads/partition-indexes'
import { oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { serverFacts } from '../../server/facts'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'
import { loadIndex, type RelationFacts } from '../facts/load'

/** The right to make an index asks for ownership of the partition, and CREATE on its schema (manual, CREATE INDEX). */
const partitionsNow = defineRead({
  name: 'partitions-now',
  about: 'Who builds an index on a table or its partitions now, and the partitions on which this role may not make one',
  params: z.object({ relid: oid }),
  row: z.object({
    /** Backends; which index it is they show to their own role only. */
    building: z.array(z.number()),
    closed: z.array(z.object({ schemaname: z.string(), relname: z.string(), owner: z.string(), owned: z.boolean() })),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:partitions-now */ recursive tree as (
  select c.oid, c.relkind, c.relname, c.relnamespace, c.relowner from pg_class c where c.oid = $1
  union all
  select c.oid, c.relkind, c.relname, c.relnamespace, c.relowner
    from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind = 'p'
)
select array(select distinct p.pid from pg_stat_progress_create_index p
              where p.relid in (select oid from tree) and p.datid = (select oid from pg_database where datname = current_database())) as building,
       coalesce((select json_agg(json_build_object('schemaname', n.nspname, 'relname', tree.relname, 'owner', pg_get_userbyid(tree.relowner),
                                                   'owned', pg_has_role(tree.relowner, 'USAGE')) order by n.nspname, tree.relname)
                   from tree join pg_namespace n on n.oid = tree.relnamespace
                  where tree.relkind in ('r', 'p') and not (pg_has_role(tree.relowner, 'USAGE') and has_schema_privilege(n.oid, 'CREATE'))), '[]') as closed`,
})

type PartitionsNow = Row<typeof partitionsNow>

export interface AttachFacts extends RelationFacts {
  /** Null: a lock hides its definition. */
  repair: PartitionRepair | null
  building: PartitionsNow['building']
  closed: PartitionsNow['closed']
}

/**
 * A partitioned index with what makes it valid, read at this moment. Errors: conflict where it is gone, is none, or belongs to another
 * partitioned index; and as its reads.
 */
export async function loadAttach(target: Target, oid: number): Promise<Result<Found<AttachFacts>>> {
  const found = await loadIndex(target, oid)
  if (!found.ok) return found
  const { object, facts } = found.value
  if (facts.relkind !== 'I') return failed('conflict', `${object.relname} is the index of one table, and has no partitions`)
  if (facts.isattached) return failed('conflict', `${object.relname} belongs to another partitioned index: that one is to be repaired`)
  const [server, rows, now] = await Promise.all([
    serverFacts(target),
    runRead(target, partitionIndexes, { indexrelids: [oid] }),
    runRead(target, partitionsNow, { relid: object.relid }),
  ])
  if (!server.ok) return server
  if (!rows.ok) return rows
  if (!now.ok) return now
  const { building = [], closed = [] } = now.value[0] ?? {}
  const repair = repairPartitions(oid, rows.value, server.value.versionNum)
  return ok({ ...found.value, facts: { ...facts, repair, building, closed } })
}
