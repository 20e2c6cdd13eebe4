import { z } from 'zod'
import { bytes, counter, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'

/**
 * Every user index, and each of TOAST tables and system catalogs that is not valid, with what a verdict needs, one row a physical or partitioned index. Attached indexes of
 * partitions name the root that they roll up to (`indexroot`), for only the root can be dropped.
 *
 * - Relations under an AccessExclusiveLock, held or waited for, are not touched;
 *   `skipped` names them. Sizes are not here: opening 30,000 indexes costs more than all the rest (index-sizes).
 * - Which foreign keys an index serves is another read's, foreign-key-indexes; which could stand for which, redundant-pairs.
 * - Scans come from the functions behind pg_stat_all_indexes: the view would join the catalogs once more.
 */
const statement = (lastIdxScan: string) => /* sql */ `
with /* proctor:index-health */ ${LOCKED_BY}, backed as materialized (
  select conindid, min(conname) filter (where contype in ('p', 'u', 'x')) as conname, bool_or(contype = 'f') as referenced
  from pg_constraint
  where conindid <> 0 and contype in ('p', 'u', 'x', 'f')
  group by conindid
), owned as materialized (
  select d.objid as relid, min(e.extname) as extname
  from pg_depend d join pg_extension e on e.oid = d.refobjid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
  group by d.objid
), ix as materialized (
  select i.indexrelid, i.indrelid, n.nspname, t.relname, c.relname as indexrelname, am.amname, c.relkind, c.relfilenode, c.reltuples,
         c.relispartition, i.indexprs is not null as has_exprs, i.indisunique, i.indisprimary, i.indisexclusion, i.indisreplident,
         i.indisclustered,
         i.indisvalid and i.indisready and i.indislive as indisvalid, b.conname as backs, coalesce(b.referenced, false) as referenced,
         li.how as index_locked, lt.how as table_locked, pg_stat_get_numscans(i.indexrelid) as idx_scan,
         t.relpages::int8 * current_setting('block_size')::int8 as table_bytes, e.extname
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_am am on am.oid = c.relam
  left join backed b on b.conindid = i.indexrelid
  left join owned e on e.relid = i.indrelid
  left join locked li on li.relation = i.indexrelid
  left join locked lt on lt.relation = i.indrelid
  where t.relpersistence <> 't'
    and (not (i.indisvalid and i.indisready and i.indislive)
         or n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast')
)
select x.indexrelid, x.nspname as schemaname, x.relname, x.indrelid as relid, x.indexrelname, x.amname, x.relkind, x.relfilenode,
       case when x.relispartition then pg_partition_root(x.indexrelid)::oid end as indexroot,
       nullif(x.reltuples, -1) as reltuples,
       x.idx_scan, pg_stat_get_tuples_returned(x.indexrelid) as idx_tup_read, pg_stat_get_tuples_fetched(x.indexrelid) as idx_tup_fetch,
       ${lastIdxScan} as last_idx_scan,
       pg_stat_get_numscans(x.indrelid) + sum(x.idx_scan) over (partition by x.indrelid) as table_scans,
       pg_stat_get_numscans(x.indrelid) as table_seq_scans, count(*) over (partition by x.indrelid)::int as table_indexes, x.table_bytes,
       pg_stat_get_tuples_inserted(x.indrelid) + pg_stat_get_tuples_updated(x.indrelid) + pg_stat_get_tuples_deleted(x.indrelid) as table_changes,
       x.indisunique, x.indisprimary, x.indisexclusion, x.indisreplident, x.indisclustered, x.indisvalid, x.has_exprs,
       x.backs as conname, x.referenced, x.extname as extension,
       coalesce(x.index_locked, x.table_locked) as skipped
from ix x`

export const indexHealth = defineRead({
  name: 'index-health',
  about: 'Every user index: use, constraint, validity, partition root',
  params: z.object({}),
  row: z.object({
    indexrelid: oid,
    schemaname: z.string(),
    relname: z.string(),
    relid: oid,
    indexrelname: z.string(),
    amname: z.string(),
    /** i: a physical index. I: a partitioned one, which has no file. */
    relkind: z.enum(['i', 'I']),
    relfilenode: oid,
    /** The partitioned index at the top, for an attached index of a partition. */
    indexroot: oid.nullable(),
    /** null: never counted. */
    reltuples: z.number().nullable(),
    idx_scan: counter,
    idx_tup_read: counter,
    idx_tup_fetch: counter,
    last_idx_scan: timestamp.nullable(),
    /** Sequential and index scans of the table. */
    table_scans: counter,
    table_seq_scans: counter,
    /** All indexes of the table. */
    table_indexes: z.number(),
    /** Of its main fork, as VACUUM or ANALYZE last saw it. */
    table_bytes: bytes,
    /** Rows of the table inserted, updated and deleted. */
    table_changes: counter,
    indisunique: z.boolean(),
    indisprimary: z.boolean(),
    indisexclusion: z.boolean(),
    indisreplident: z.boolean(),
    /** CLUSTER without a name orders the table by it. */
    indisclustered: z.boolean(),
    /** Valid, ready and live. What is wrong where it is not: the read invalid-indexes. */
    indisvalid: z.boolean(),
    has_exprs: z.boolean(),
    /** The primary key, unique or exclusion constraint that it backs. */
    conname: z.string().nullable(),
    /** A foreign key elsewhere refers to it. */
    referenced: z.boolean(),
    /** The extension that made the table. */
    extension: z.string().nullable(),
    skipped: z.string().nullable(),
  }),
  sql: {
    14: statement('null::timestamptz'),
    16: statement('pg_stat_get_lastscan(x.indexrelid)'),
  },
  timeout: 5_000, // half a second for 30,000 indexes, more on a busy machine
  keep: 5_000,
})
