import { INVALID_ADVICE } from './invalid-advice'

/**
 * check_index_bloat: what a REINDEX would give back of each b-tree, measured by pgstatindex. The SQL is the body of the
 * function and, with $1 … $3 bound, a statement by itself: nothing has to be installed but the extension.
 *
 * $1 is a schema, or null for every schema but the system's; above $2 percent and $3 bytes a REINDEX is recommended.
 * It reads every page of every b-tree of the schema: seconds for a gigabyte, so give it time. Dead rows that no VACUUM
 * has removed yet count as live.
 *
 * pgstatindex is called through query_to_xml, the one function of PostgreSQL that runs a statement made at run time
 * inside another one. So the extension may be missing, stand in any schema or be forbidden, and only the rows say so.
 * And each index is looked for in pg_locks in the moment before it is read, so that the reader never waits behind an
 * AccessExclusiveLock, held or asked for, however long the indexes before took.
 *
 * Size after a rebuild: the live part of the leaf pages packed at the fillfactor, and the levels above in proportion.
 * Measured against REINDEX it is right within half a point, but reads low where many rows share a key: a rebuild merges
 * the posting lists that updates and deletes broke apart (up to 16 points, on such an index full of updates).
 * Manual: pgstattuple; B-Tree Indexes, Deduplication; pg_locks.
 */
export const CHECK_INDEX_BLOAT = /* sql */ `
with /* proctor:check-index-bloat */ extension as materialized (
  select format('%I.pgstatindex', n.nspname) as pgstatindex,
         has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute') as allowed
  from pg_extension e
  join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.classid = 'pg_proc'::regclass
  join pg_proc p on p.oid = d.objid and p.proname = 'pgstatindex' and p.proargtypes[0] = 'regclass'::regtype
  join pg_namespace n on n.oid = p.pronamespace
  where e.extname = 'pgstattuple'
), one as materialized (
  select i.indexrelid, i.indrelid, case when c.relispartition then pg_partition_root(i.indexrelid)::oid else i.indexrelid end as root,
         c.relkind, c.relname,
         coalesce((select option_value::numeric from pg_options_to_table(c.reloptions) where option_name = 'fillfactor'), 90) as fill_factor,
         i.indisvalid and i.indisready and i.indislive as valid,
         case when am.amname <> 'btree' then am.amname::text
              when c.relkind = 'I' then null
              when c.relpersistence = 'u' and pg_is_in_recovery() then 'unlogged, on a standby'
              when not exists (select from extension) then 'needs pgstattuple'
              when not (select allowed from extension) then 'needs pg_stat_scan_tables'
         end as reason
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm', 'p')
  join pg_am am on am.oid = c.relam
  where c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
), wanted as materialized (
  -- before anything is read: $1 is a root's schema, partitions may stand in others
  select o.* from one o
  join pg_class rc on rc.oid = o.root
  join pg_namespace n on n.oid = rc.relnamespace
  where n.nspname = $1 or $1 is null
), answered as materialized (
  select w.*,
         case when relkind = 'i' and valid and reason is null then query_to_xml(format(
           'select index_size, leaf_pages, internal_pages, avg_leaf_density from %1$s(%2$s::regclass)
            where not exists (
              select from pg_catalog.pg_locks where locktype = ''relation'' and mode = ''AccessExclusiveLock'' and relation in (%2$s, %3$s)
                and database = (select oid from pg_catalog.pg_database where datname = current_database()))',
           (select pgstatindex from extension), indexrelid, indrelid), false, false, '')::text end as answer
  from wanted w
), read as (
  select a.*,
         substring(answer from '<index_size>(\\d+)<')::numeric as bytes, substring(answer from '<leaf_pages>(\\d+)<')::numeric as leaf_pages,
         substring(answer from '<internal_pages>(\\d+)<')::numeric as internal_pages,
         substring(answer from '<avg_leaf_density>([0-9.]+)<')::numeric as density, current_setting('block_size')::numeric as block
  from answered a
), packed as (
  select r.*, least(1, density / fill_factor) as share from read r
), measured as (
  select root, relkind, valid, bytes,
         coalesce(reason, case when relkind = 'i' and valid and bytes is null then 'AccessExclusiveLock held or waited for' end) as reason,
         greatest(0, bytes - block * case when leaf_pages = 0 then 1 else 1 + ceil(leaf_pages * coalesce(share, 1)) + ceil(internal_pages * coalesce(share, 1)) end) as waste
  from packed
), whole as (
  select root, bool_and(valid) as valid, min(reason) as reason, count(reason) as unmeasured, count(*) filter (where relkind = 'i') as files,
         sum(bytes) as bytes, case when count(reason) = 0 then coalesce(sum(waste), 0) end as waste,
         case when count(reason) = 0 then coalesce(round(100.0 * sum(waste) / nullif(sum(bytes), 0), 2), 0) end as ratio
  from measured
  group by root
), ${INVALID_ADVICE}
select n.nspname::text as schema_name, t.relname::text as table_name, x.relname::text as index_name,
       case when w.valid then w.ratio end as bloat_ratio,
       case when w.valid then pg_size_pretty(w.waste) end as wasted_space,
       case
         when b.what is not null then b.what
         when w.reason is not null and x.relkind = 'I' and w.unmeasured < w.files
           then format('NOT MEASURED (%s of %s partitions: %s)', w.unmeasured, w.files, w.reason)
         when w.reason is not null then format('NOT MEASURED (%s)', w.reason)
         when w.ratio > $2 and w.waste > $3 then 'REINDEX RECOMMENDED'
         else 'HEALTHY'
       end as recommendation
from whole w
join one x on x.indexrelid = w.root
left join advice b on b.root = w.root
join pg_index i on i.indexrelid = w.root
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = t.relnamespace
order by w.ratio desc nulls last, w.waste desc nulls last, n.nspname, t.relname, x.relname`
