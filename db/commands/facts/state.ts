import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const milliseconds = z.coerce.number().nullable()

/** What is there now of relations that were there before; one that is gone has no row. */
export const relationStates = defineRead({
  name: 'relation-states',
  about: 'Name, file, validity and last maintenance of relations by OID',
  params: z.object({ oids: z.array(oid) }),
  row: z.object({
    oid,
    relname: z.string(),
    relfilenode: oid,
    /** Null for what is no index. */
    indisvalid: z.boolean().nullable(),
    indisexclusion: z.boolean().nullable(),
    /** Milliseconds since 1970, by the clock of the server. */
    last_vacuum: milliseconds,
    last_analyze: milliseconds,
    n_dead_tup: counter,
    now: z.coerce.number(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:relation-states */ c.oid, c.relname, coalesce(pg_relation_filenode(c.oid), 0::oid) as relfilenode,
       i.indisvalid, i.indisexclusion,
       extract(epoch from pg_stat_get_last_vacuum_time(c.oid)) * 1000 as last_vacuum,
       extract(epoch from pg_stat_get_last_analyze_time(c.oid)) * 1000 as last_analyze,
       pg_stat_get_dead_tuples(c.oid) as n_dead_tup,
       extract(epoch from clock_timestamp()) * 1000 as now
  from pg_class c
  left join pg_index i on i.indexrelid = c.oid
 where c.oid = any($1::oid[])`,
})

/** A table, or the leaves of a partitioned one: what VACUUM and ANALYZE work on. */
export const leafTables = defineRead({
  name: 'leaf-tables',
  about: 'The OIDs of a table with storage, or of the leaves of a partitioned one',
  params: z.object({ oid }),
  row: z.object({ oid }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:leaf-tables */ recursive tree as (
  select c.oid, c.relkind from pg_class c where c.oid = $1
  union all
  select c.oid, c.relkind from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind = 'p'
)
select oid from tree where relkind in ('r', 'm', 't')`,
})

/** An index by its name, which survives a REINDEX CONCURRENTLY, as its OID does not. */
export const indexByName = defineRead({
  name: 'index-by-name',
  about: 'One index by schema and name, with whether it is valid, ready and live',
  params: z.object({ schemaname: z.string(), relname: z.string() }),
  row: z.object({
    oid,
    relid: oid,
    relkind: z.string(),
    relfilenode: oid,
    indisvalid: z.boolean(),
    indisready: z.boolean(),
    indislive: z.boolean(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:index-by-name */ c.oid, i.indrelid as relid, c.relkind, coalesce(pg_relation_filenode(c.oid), 0::oid) as relfilenode,
       i.indisvalid, i.indisready, i.indislive
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_index i on i.indexrelid = c.oid
 where n.nspname = $1 and c.relname = $2`,
})
