/**
 * What is to be done about an index that is not valid, as the installable functions say it: the CTE `advice` (root, what), from a CTE `one`
 * (indexrelid, root, valid). The rules are those of db/indexes/invalid-index.ts, as far as one statement can apply them.
 *
 * - At work on it is whose progress names it, or who holds ShareUpdateExclusiveLock on the index itself: REINDEX and DROP INDEX
 *   CONCURRENTLY do, throughout, and only a build has a progress. What is built is hidden from roles without pg_read_all_stats.
 * - A copy: what REINDEX CONCURRENTLY or pg_repack (index_<OID>) named so, or the equal of a valid index of the table.
 */
export const INVALID_ADVICE = /* sql */ `here as (
  select oid as datid from pg_database where datname = current_database()
), at_work as materialized (
  select l.relation, l.pid, p.pid is not null as builds, p.index_relid
  from pg_locks l cross join here left join pg_stat_progress_create_index p on p.pid = l.pid
  where l.locktype = 'relation' and l.database = here.datid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
), broken as materialized (
  select one.root, i.*, c.relname, c.relam, c.relkind, c.relispartition,
         i.indisreplident or exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as kept
  from one join pg_index i on i.indexrelid = one.indexrelid join pg_class c on c.oid = i.indexrelid
  where not one.valid
), judged as (
  select b.root, case
           when exists (select from pg_stat_progress_create_index p where p.index_relid = b.indexrelid and p.datid = here.datid)
             or exists (select from at_work w where w.relation = b.indexrelid and w.builds) then 'BEING BUILT - Wait for it'
           when exists (select from at_work w where w.relation = b.indexrelid) then 'BEING DROPPED - Wait for it'
           when exists (select from at_work w where w.relation = b.indrelid and w.builds and w.index_relid is null)
             then 'INVALID - Wait, a build on its table is hidden from this role'
           when b.relkind = 'I' then 'INVALID - Attach an index of every partition'
           when b.relispartition then 'INVALID - Rebuild the index of a partition'
           when b.kept then 'INVALID - Rebuild'
           when not b.indislive then 'INVALID - Drop, its drop was cut off'
           when b.relname ~ '_cc(new|old)[0-9]*$' then 'INVALID - Drop, left over by REINDEX CONCURRENTLY'
           else coalesce((
             select 'INVALID - Drop, a copy of ' || kc.relname
             from pg_index k join pg_class kc on kc.oid = k.indexrelid
             where k.indrelid = b.indrelid and k.indexrelid <> b.indexrelid and k.indisvalid and k.indisready and k.indislive
               and (b.relname = 'index_' || k.indexrelid
                    or kc.relam = b.relam and k.indnkeyatts = b.indnkeyatts and k.indkey::text = b.indkey::text and k.indclass::text = b.indclass::text
                       and k.indcollation::text = b.indcollation::text and k.indoption::text = b.indoption::text and not b.indisexclusion
                       and (not b.indisunique or k.indisunique and k.indimmediate >= b.indimmediate
                            and to_jsonb(k)->'indnullsnotdistinct' is not distinct from
                                (select to_jsonb(own)->'indnullsnotdistinct' from pg_index own where own.indexrelid = b.indexrelid))
                       and regexp_replace(k.indpred::text, ' :location -?\\d+', '', 'g')
                           is not distinct from regexp_replace(b.indpred::text, ' :location -?\\d+', '', 'g')
                       and regexp_replace(k.indexprs::text, ' :location -?\\d+', '', 'g')
                           is not distinct from regexp_replace(b.indexprs::text, ' :location -?\\d+', '', 'g')
                       and not exists (select from pg_attribute xa join pg_attribute ya on ya.attrelid = k.indexrelid and ya.attnum = xa.attnum
                                       where xa.attrelid = b.indexrelid and xa.attoptions is distinct from ya.attoptions))
             order by k.indexrelid limit 1), 'INVALID - Rebuild')
         end as what
  from broken b cross join here
), advice as materialized (
  -- of a partitioned index: who is at work before a broken part before what it lacks
  select distinct on (root) root, what from judged order by root, what not like 'BEING%', what not like '%of a partition', what
)`
