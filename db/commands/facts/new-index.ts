import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'
import type { Steps } from '../partitions/steps'
import type { IndexDefinition } from './index-definition'
import { loadTable, type RelationFacts } from './load'

const place = z.object({
  relid: oid,
  relkind: z.string(),
  /** What has the wanted name in the table's schema already. */
  taken: z.object({ relkind: z.string(), indisvalid: z.boolean().nullable(), indrelid: oid.nullable() }).nullable(),
  /** Null: no tablespace was named, or there is none of that name. */
  tablespace: z.object({ spcname: z.string(), directory: z.string() }).nullable(),
  is_owner: z.boolean(),
  /** CREATE on the schema of the table; `owner_may_create`: its owner has that. */
  may_create: z.boolean(),
  owner_may_create: z.boolean(),
  owner: z.string(),
  /** CREATE INDEX of each index that is there, valid or not; empty while an AccessExclusiveLock hides them. */
  existing: z.array(z.object({ relname: z.string(), indisvalid: z.boolean(), definition })),
})

const newIndexPlace = defineRead({
  name: 'new-index-place',
  about: 'The table that an index is wanted on, what has its name, and the indexes that are there',
  params: z.object({ schemaname: z.string(), relname: z.string(), idxname: z.string(), tablespace: z.string().nullable() }),
  row: place,
  keep: 0,
  sql: /* sql */ `
select /* proctor:new-index-place */ t.oid as relid, t.relkind, pg_get_userbyid(t.relowner) as owner,
       pg_has_role(t.relowner, 'USAGE') as is_owner, has_schema_privilege(n.oid, 'CREATE') as may_create,
       has_schema_privilege(t.relowner, n.oid, 'CREATE') as owner_may_create,
       (select json_build_object('relkind', c.relkind, 'indisvalid', i.indisvalid, 'indrelid', i.indrelid::int8)
          from pg_class c left join pg_index i on i.indexrelid = c.oid
         where c.relnamespace = n.oid and c.relname = $3) as taken,
       (select json_build_object('spcname', s.spcname, 'directory', pg_tablespace_location(s.oid))
          from pg_tablespace s where s.spcname = $4) as tablespace,
       case when exists (select from pg_locks l
                          where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
                            and l.database = (select oid from pg_database where datname = current_database())
                            and (l.relation = t.oid or l.relation in (select indexrelid from pg_index where indrelid = t.oid))) then '[]'
            else coalesce((select json_agg(json_build_object('relname', c.relname, 'indisvalid', i.indisvalid,
                                                             'definition', pg_get_indexdef(i.indexrelid)) order by c.relname)
                             from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = t.oid), '[]') end as existing
  from pg_class t
  join pg_namespace n on n.oid = t.relnamespace
 where n.nspname = $1 and t.relname = $2`,
})

export type NewIndexFacts = RelationFacts &
  Omit<z.output<typeof place>, 'relkind' | 'tablespace'> & {
    wanted: IndexDefinition
    /** Of a partitioned table, where it is built beside writes. */
    steps?: Steps
  }

/**
 * The table of an index that is not there yet. The object is named as the index will be, and has the table's OID.
 * Errors: conflict when there is no such table, or it is none that takes an index.
 */
export async function loadNewIndex(target: Target, wanted: IndexDefinition): Promise<Result<Found<NewIndexFacts>>> {
  const { schemaname, relname, idxname, tablespace } = wanted
  const rows = await runRead(target, newIndexPlace, { schemaname, relname, idxname, tablespace })
  if (!rows.ok) return rows
  const [found] = rows.value
  const spoken = `${schemaname}.${relname}`
  if (!found) return failed('conflict', `There is no table ${spoken} in this database`)
  if (!['r', 'p', 'm'].includes(found.relkind)) return failed('conflict', `${spoken} is no table or materialized view`)
  if (tablespace !== null && found.tablespace === null) return failed('conflict', `There is no tablespace ${tablespace}`)
  const table = await loadTable(target, found.relid, 'relation')
  if (!table.ok) return table
  const { taken, existing, relid, is_owner, may_create, owner_may_create, owner } = found
  const where = found.tablespace ? { tablespace: found.tablespace.spcname, directory: found.tablespace.directory } : {}
  return ok({
    object: { ...table.value.object, relname: idxname },
    facts: { ...table.value.facts, taken, existing, relid, is_owner, may_create, owner_may_create, owner, ...where, wanted },
  })
}
