import { z } from 'zod'
import { bytes, counter, float, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED_BY } from '../../server/locked-sql'

/**
 * One user table, partitioned table or materialized view: its files (manual, 9.28.7), and what its cumulative statistics count (manual,
 * 27.2.19). Sizes are null for a partitioned table, and where an AccessExclusiveLock, held or waited for, is on it, its TOAST table or
 * one of its indexes: `skipped` says whose. 16 tells when it was last scanned, and how many updates went to another page.
 */
const statement = (since16: string) => /* sql */ `
with /* proctor:table-detail */ ${LOCKED_BY}, skipped as materialized (
  select min(l.how) as how
    from pg_class c
    join locked l on l.relation in (c.oid, c.reltoastrelid)
      or l.relation in (select i.indexrelid from pg_index i where i.indrelid in (c.oid, nullif(c.reltoastrelid, 0)))
   where c.oid = $1
), rel as (
  select c.*, n.nspname, s.how as skipped, s.how is null and c.relkind <> 'p' as sized
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, skipped s
   where c.oid = $1 and c.relkind in ('r', 'm', 'p') and c.relpersistence <> 't'
)
select r.oid as relid, r.nspname as schemaname, r.relname, r.relkind, r.relpersistence, pg_get_userbyid(r.relowner) as owner,
       coalesce(t.spcname, (select spcname from pg_database d join pg_tablespace x on x.oid = d.dattablespace where d.datname = current_database())) as tablespace,
       case when r.relispartition then (select i.inhparent from pg_inherits i where i.inhrelid = r.oid) end as parent,
       case when r.relispartition then (select p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent where i.inhrelid = r.oid) end as parent_name,
       case when r.sized then pg_relation_size(r.oid) end as heap_bytes,
       case when r.sized then pg_relation_size(r.oid, 'fsm') + pg_relation_size(r.oid, 'vm') end as map_bytes,
       case when r.sized then case when r.reltoastrelid = 0 then 0 else pg_total_relation_size(r.reltoastrelid) end end as toast_bytes,
       case when r.sized then pg_indexes_size(r.oid) end as index_bytes,
       r.skipped, nullif(r.reltuples, -1)::float8 as reltuples, r.relpages,
       array(select i.indexrelid from pg_index i where i.indrelid = r.oid order by i.indexrelid) as indexes,
       pg_stat_get_numscans(r.oid) as seq_scan, pg_stat_get_tuples_returned(r.oid) as seq_tup_read,
       x.idx_scan, x.fetched + pg_stat_get_tuples_fetched(r.oid) as idx_tup_fetch,
       pg_stat_get_tuples_inserted(r.oid) as n_tup_ins, pg_stat_get_tuples_updated(r.oid) as n_tup_upd, pg_stat_get_tuples_deleted(r.oid) as n_tup_del,
       pg_stat_get_tuples_hot_updated(r.oid) as n_tup_hot_upd, ${since16}
  from rel r
  left join pg_tablespace t on t.oid = r.reltablespace,
       lateral (select coalesce(sum(pg_stat_get_numscans(i.indexrelid)), 0)::int8 as idx_scan,
                       coalesce(sum(pg_stat_get_tuples_fetched(i.indexrelid)), 0)::int8 as fetched
                  from pg_index i where i.indrelid = r.oid) x`

export const tableDetail = defineRead({
  name: 'table-detail',
  about: 'One table: its files, rows, scans and changes as counted',
  needs: 'pg_monitor',
  params: z.object({ relid: oid }),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    relkind: z.enum(['r', 'm', 'p']),
    /** p: permanent. u: unlogged. */
    relpersistence: z.enum(['p', 'u']),
    owner: z.string(),
    tablespace: z.string(),
    /** The partitioned table that it is a partition of. */
    parent: oid.nullable(),
    parent_name: z.string().nullable(),
    /** The main fork. */
    heap_bytes: bytes.nullable(),
    /** The free space map and the visibility map. */
    map_bytes: bytes.nullable(),
    /** With the index of the TOAST table. */
    toast_bytes: bytes.nullable(),
    index_bytes: bytes.nullable(),
    skipped: z.string().nullable(),
    /** null: neither VACUUM nor ANALYZE has ever counted its rows. */
    reltuples: float.nullable(),
    relpages: z.number(),
    indexes: z.array(oid),
    seq_scan: counter,
    seq_tup_read: counter,
    idx_scan: counter,
    idx_tup_fetch: counter,
    n_tup_ins: counter,
    n_tup_upd: counter,
    n_tup_del: counter,
    n_tup_hot_upd: counter,
    /** Updates whose new row went to another page; null before 16. */
    n_tup_newpage_upd: counter.nullable(),
    /** null before 16, and while it was not. */
    last_seq_scan: timestamp.nullable(),
  }),
  sql: {
    14: statement('null::int8 as n_tup_newpage_upd, null::timestamptz as last_seq_scan'),
    16: statement('pg_stat_get_tuples_newpage_updated(r.oid) as n_tup_newpage_upd, pg_stat_get_lastscan(r.oid) as last_seq_scan'),
  },
})
