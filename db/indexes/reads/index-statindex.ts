import { z } from 'zod'
import { bytes, float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * pgstatindex of one b-tree: it reads every page, so it refuses an index above `limit` bytes (no row). No row
 * either for an index that is no b-tree, is invalid, or is under an AccessExclusiveLock, held or waited for.
 * Source: https://www.postgresql.org/docs/current/pgstattuple.html
 */
export const indexStatindex = defineRead({
  name: 'index-statindex',
  about: 'pgstatindex of one b-tree, unless it is larger than a limit in bytes',
  extension: { name: 'pgstattuple', version: '1.4' },
  needs: 'pg_stat_scan_tables',
  calls: ['pgstatindex(regclass)'],
  params: z.object({ indexrelid: oid, limit: z.number().int().positive() }),
  row: z.object({
    index_size: bytes,
    relfilenode: oid,
    /** Percent of the page that is for leaf tuples after a build. */
    fillfactor: z.number().int(),
    tree_level: z.number().int(),
    internal_pages: bytes,
    leaf_pages: bytes,
    empty_pages: bytes,
    deleted_pages: bytes,
    /** Percent; null for an index without leaf pages. */
    avg_leaf_density: float.nullable(),
    leaf_fragmentation: float.nullable(),
    /** Whether a rebuild may merge equal keys further than they are now. */
    merges: z.boolean(),
    /** Dead rows of the table over all its rows: VACUUM has yet to remove them, and a rebuild leaves them out. */
    dead_share: float,
  }),
  timeout: 30_000,
  keep: 0,
  sql: /* sql */ `
with /* proctor:index-statindex */ allowed as materialized (
  select i.indexrelid, pg_relation_filenode(i.indexrelid) as relfilenode,
         coalesce((select option_value::int from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as fillfactor,
         i.indnatts = i.indnkeyatts
         and coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'deduplicate_items'), true)
         and not exists (select from unnest(i.indclass) k (opclass) join pg_opclass o on o.oid = k.opclass
                          where not exists (select from pg_amproc p where p.amprocfamily = o.opcfamily and p.amprocnum = 4
                                               and p.amproclefttype = o.opcintype and p.amprocrighttype = o.opcintype)) as merges,
         pg_stat_get_dead_tuples(i.indrelid)::float8
           / greatest(pg_stat_get_dead_tuples(i.indrelid) + pg_stat_get_live_tuples(i.indrelid), 1) as dead_share
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_am am on am.oid = c.relam and am.amname = 'btree'
   where i.indexrelid = $1 and i.indisvalid
     and not exists (select from pg_locks l where l.relation in (i.indexrelid, i.indrelid) and l.locktype = 'relation'
                        and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_database where datname = current_database()))
     and pg_relation_size(i.indexrelid) <= $2)
select s.index_size, a.relfilenode, a.fillfactor, s.tree_level, s.internal_pages, s.leaf_pages, s.empty_pages, s.deleted_pages,
       nullif(s.avg_leaf_density, 'NaN') as avg_leaf_density, nullif(s.leaf_fragmentation, 'NaN') as leaf_fragmentation,
       a.merges, a.dead_share
  from allowed a, lateral @extschema@.pgstatindex(a.indexrelid::regclass) s`,
})
