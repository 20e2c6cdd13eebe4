import { z } from 'zod'
import { bytes, float } from '../server/columns'
import { defineRead } from '../server/define-read'
import { seesAs } from '../server/grants'

/** What a server itself shows of its size and its sessions now. What it counts over time is left to the samples: they know under which settings. */
export const tuningEvidence = defineRead({
  name: 'tuning-evidence',
  about: 'Size of all databases of the server, its sessions, and when it was started',
  params: z.object({}),
  row: z.object({
    /** null where the role may not see every database. */
    data_bytes: bytes.nullable(),
    /** Client sessions at this moment. */
    sessions: z.number(),
    /** Seconds since 1970. */
    postmaster_start: float,
  }),
  // pg_database_size asks the file system for every file.
  keep: 30_000,
  sql: /* sql */ `
with /* proctor:tuning-evidence */ seen as (
  select d.oid, has_database_privilege(d.oid, 'connect') or ${seesAs("'pg_read_all_stats'")} as visible from pg_database d
)
select case when bool_and(visible) then sum(case when visible then pg_database_size(oid) end)::int8 end as data_bytes,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as sessions,
       extract(epoch from pg_postmaster_start_time())::float8 as postmaster_start
  from seen`,
})
