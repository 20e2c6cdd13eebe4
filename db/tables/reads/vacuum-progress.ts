import { z } from 'zod'
import { bytes, float, oid, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Every VACUUM at work in this database (manual, 27.4.5). 17 tells what dead row identifiers take in bytes, and how many indexes are done;
 * before it they are counted. 18 tells how long cost-based delays have held it up, where track_cost_delay_timing is on.
 */
const statement = (memory: string, indexes: string, delay: string) => /* sql */ `
select /* proctor:vacuum-progress */ p.pid, p.relid, n.nspname as schemaname, c.relname, owner.oid as owner,
       a.backend_type = 'autovacuum worker' as automatic, a.query ~ 'to prevent wraparound' as wraparound, p.phase,
       p.heap_blks_total * current_setting('block_size')::int8 as heap_bytes, p.heap_blks_scanned * current_setting('block_size')::int8 as scanned_bytes,
       p.heap_blks_vacuumed * current_setting('block_size')::int8 as vacuumed_bytes, p.index_vacuum_count as index_passes,
       ${memory} as memory_share, ${indexes}, ${delay} as delayed,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds, a.wait_event_type, a.wait_event,
       array(select b from unnest(pg_blocking_pids(p.pid)) b where b > 0) as waits_for
  from pg_stat_progress_vacuum p
  left join pg_class c on c.oid = p.relid
  left join pg_namespace n on n.oid = c.relnamespace
  left join pg_class owner on owner.reltoastrelid = p.relid
  left join pg_stat_activity a on a.pid = p.pid
 where p.datname = current_database()
 order by seconds desc nulls last, p.pid`

export const vacuumProgress = defineRead({
  name: 'vacuum-progress',
  about: 'Each VACUUM at work in this database: table, phase, how far it is, what it waits for',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({
    pid: z.number(),
    relid: oid.nullable(),
    schemaname: z.string().nullable(),
    relname: z.string().nullable(),
    /** The table whose TOAST table it is; null for a table. */
    owner: oid.nullable(),
    /** An autovacuum worker; null: hidden from this role. */
    automatic: z.boolean().nullable(),
    wraparound: z.boolean().nullable(),
    phase: serverText.nullable(),
    heap_bytes: bytes.nullable(),
    scanned_bytes: bytes.nullable(),
    vacuumed_bytes: bytes.nullable(),
    /** Completed passes over the indexes. */
    index_passes: z.coerce.number().nullable(),
    /** Of the memory for identifiers of dead rows, 0 … 1. */
    memory_share: float.nullable(),
    /** null before 17. */
    indexes_total: z.coerce.number().nullable(),
    indexes_processed: z.coerce.number().nullable(),
    /** Seconds of cost-based delay; null before 18. */
    delayed: float.nullable(),
    seconds: float.nullable(),
    wait_event_type: z.string().nullable(),
    wait_event: z.string().nullable(),
    waits_for: z.array(z.number()),
  }),
  sql: {
    14: statement(
      'p.num_dead_tuples::float8 / nullif(p.max_dead_tuples, 0)',
      'null::int8 as indexes_total, null::int8 as indexes_processed',
      'null::float8',
    ),
    17: statement('p.dead_tuple_bytes::float8 / nullif(p.max_dead_tuple_bytes, 0)', 'p.indexes_total, p.indexes_processed', 'null::float8'),
    18: statement(
      'p.dead_tuple_bytes::float8 / nullif(p.max_dead_tuple_bytes, 0)',
      'p.indexes_total, p.indexes_processed',
      'p.delay_time / 1000',
    ),
  },
})
