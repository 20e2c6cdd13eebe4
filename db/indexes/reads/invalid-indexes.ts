import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Every index that is not valid, ready and live (manual, 53.26 pg_index), in any schema, TOAST and system catalogs among them.
 *
 * - At work on it: whose progress names it; whoever holds ShareUpdateExclusiveLock on the index itself, as REINDEX and DROP INDEX
 *   CONCURRENTLY do from their first to their last transaction (a build then has a progress, a drop has none). Which index a
 *   build is about is shown to its own role and to pg_read_all_stats only: of others it is `hidden`, on which table is not.
 * - `twin`: an equal index of the table, a valid one before the oldest of the invalid. Equal: access method, keys, operator classes with
 *   parameters, collations, sort flags, uniqueness (NULLS NOT DISTINCT and deferral, too), expressions and predicate, as stored trees
 *   without their positions in the source text: pg_get_expr would wait behind locks.
 * - `copied_from`: pg_repack calls the copy of an index index_<OID of the index>.
 */
export const invalidIndexes = defineRead({
  name: 'invalid-indexes',
  about: 'Every index that is not valid: its state, who is at work on it, and an equal one beside it',
  params: z.object({}),
  row: z.object({
    indexrelid: oid,
    indisready: z.boolean(),
    indislive: z.boolean(),
    conname: z.string().nullable(),
    indisreplident: z.boolean(),
    /** The table (schema.name, quoted) whose TOAST it is on. */
    toast_of: z.string().nullable(),
    /** null behind an AccessExclusiveLock, and of a partitioned index. */
    bytes: bytes.nullable(),
    building: z.number().nullable(),
    dropping: z.number().nullable(),
    /** The backend that builds an index of its table, where which one is hidden from this role. */
    hidden: z.number().nullable(),
    twin: z.object({ indexrelid: oid, indexrelname: z.string(), valid: z.boolean() }).nullable(),
    copied_from: z.string().nullable(),
    in_recovery: z.boolean(),
    /** server_version_num. */
    version: z.number(),
  }),
  sql: /* sql */ `
with /* proctor:invalid-indexes */ here as (
  select oid as datid from pg_database where datname = current_database()
), broken as materialized (
  select i.*, c.relname, c.relam, c.relkind, to_jsonb(i)->'indnullsnotdistinct' as not_distinct,
         regexp_replace(i.indpred::text, ' :location -?\\d+', '', 'g') as pred, regexp_replace(i.indexprs::text, ' :location -?\\d+', '', 'g') as exprs
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where not (i.indisvalid and i.indisready and i.indislive) and c.relpersistence <> 't'
), progress as materialized (
  select p.pid, p.index_relid from pg_stat_progress_create_index p, here where p.datid = here.datid
), held as materialized (
  select l.relation, l.pid, l.mode
  from pg_locks l, here
  where l.locktype = 'relation' and l.database = here.datid and l.pid is distinct from pg_backend_pid()
    and (l.granted or l.mode = 'AccessExclusiveLock') and l.mode in ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
)
select b.indexrelid, b.indisready, b.indislive, b.indisreplident,
       (select min(k.conname) from pg_constraint k where k.conindid = b.indexrelid and k.contype in ('p', 'u', 'x')) as conname,
       case when n.nspname = 'pg_toast' then
         (select format('%I.%I', mn.nspname, m.relname) from pg_class m join pg_namespace mn on mn.oid = m.relnamespace where m.reltoastrelid = b.indrelid)
       end as toast_of,
       case when b.relkind = 'i' and not exists (select from held where relation in (b.indexrelid, b.indrelid) and mode = 'AccessExclusiveLock')
            then pg_relation_size(b.indexrelid) end as bytes,
       coalesce((select min(pid) from progress where index_relid = b.indexrelid),
                (select min(h.pid) from held h join progress p on p.pid = h.pid where h.relation = b.indexrelid)) as building,
       (select min(h.pid) from held h where h.relation = b.indexrelid and h.pid not in (select pid from progress)) as dropping,
       (select min(h.pid) from held h join progress p on p.pid = h.pid and p.index_relid is null where h.relation = b.indrelid) as hidden,
       (select jsonb_build_object('indexrelid', k.indexrelid::int8, 'indexrelname', kc.relname, 'valid', k.indisvalid and k.indisready and k.indislive)
        from pg_index k join pg_class kc on kc.oid = k.indexrelid
        where k.indrelid = b.indrelid and k.indexrelid <> b.indexrelid and kc.relam = b.relam and k.indnkeyatts = b.indnkeyatts
          and k.indkey::text = b.indkey::text and k.indclass::text = b.indclass::text and k.indcollation::text = b.indcollation::text
          and k.indoption::text = b.indoption::text and not b.indisexclusion
          and (not b.indisunique or (k.indisunique and k.indimmediate >= b.indimmediate and to_jsonb(k)->'indnullsnotdistinct' is not distinct from b.not_distinct))
          and regexp_replace(k.indpred::text, ' :location -?\\d+', '', 'g') is not distinct from b.pred
          and regexp_replace(k.indexprs::text, ' :location -?\\d+', '', 'g') is not distinct from b.exprs
          and not exists (select from pg_attribute x join pg_attribute y on y.attrelid = k.indexrelid and y.attnum = x.attnum
                          where x.attrelid = b.indexrelid and x.attoptions is distinct from y.attoptions)
        order by k.indisvalid and k.indisready and k.indislive desc, k.indexrelid limit 1) as twin,
       (select kc.relname from pg_index k join pg_class kc on kc.oid = k.indexrelid
        where k.indrelid = b.indrelid and b.relname = 'index_' || k.indexrelid and k.indisvalid) as copied_from,
       pg_is_in_recovery() as in_recovery, current_setting('server_version_num')::int as version
from broken b
join pg_class t on t.oid = b.indrelid
join pg_namespace n on n.oid = t.relnamespace`,
  timeout: 5_000,
  keep: 5_000,
})
