import { z } from 'zod'
import { bytes, float } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

/** backend_type of what PostgreSQL itself starts (manual, 27.2.3): everything else is a worker of an extension. */
const OWN_TYPES = [
  'archiver',
  'autovacuum launcher',
  'autovacuum worker',
  'background writer',
  'checkpointer',
  'client backend',
  'io worker',
  'logger',
  'logical replication apply worker',
  'logical replication launcher',
  'logical replication parallel worker',
  'logical replication tablesync worker',
  'logical replication worker',
  'parallel worker',
  'slotsync worker',
  'standalone backend',
  'startup',
  'walreceiver',
  'walsender',
  'walsummarizer',
  'walwriter',
]

const row = z.object({
  /** null where the role may not see every database. */
  data_bytes: bytes.nullable(),
  /** Client sessions at this moment. */
  sessions: z.number(),
  /** Seconds since 1970. */
  postmaster_start: float,
  in_recovery: z.boolean(),
  /** Physical replication: connected, or with a slot that waits for them. */
  standbys: z.number(),
  /** Background workers of extensions, as far as the role sees them. */
  extension_workers: z.number(),
  /** Those that can be connected to. */
  databases: z.number(),
  /** This database has the tables of the LMS guide. */
  is_lms: z.boolean(),
})

export type TuningEvidence = z.output<typeof row>

/** What a server itself shows of its size and its sessions now. What it counts over time is left to the samples: they know under which settings. */
export const tuningEvidence = defineRead({
  name: 'tuning-evidence',
  about: 'Size of all databases of the server, its sessions, when it was started, and whether this database is the LMS sample',
  params: z.object({}),
  row,
  // pg_database_size asks the file system for every file.
  keep: 30_000,
  sql: /* sql */ `
with /* proctor:tuning-evidence */ seen as (
  select d.oid, has_database_privilege(d.oid, 'connect') or ${seesAs("'pg_read_all_stats'")} as visible from pg_database d
)
select case when bool_and(visible) then sum(case when visible then pg_database_size(oid) end)::int8 end as data_bytes,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as sessions,
       extract(epoch from pg_postmaster_start_time())::float8 as postmaster_start,
       pg_is_in_recovery() as in_recovery,
       -- a walsender of logical replication is connected to a database
       (select count(*)::int from pg_stat_get_wal_senders() w join pg_stat_activity a using (pid)
         where w.state is distinct from 'backup' and a.datname is null)
         + (select count(*)::int from pg_replication_slots where slot_type = 'physical' and not active) as standbys,
       (select count(*)::int from pg_stat_activity where backend_type <> all ('{${OWN_TYPES.join(',')}}')) as extension_workers,
       (select count(*)::int from pg_database where datallowconn) as databases,
       (select count(*) = 3 from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname in ('student_progress', 'section_progress', 'quiz_results'))
         as is_lms
  from seen`,
})
