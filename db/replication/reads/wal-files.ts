import { z } from 'zod'
import { bytes, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Files of pg_wal, and those of them that wait for the archiver: a .ready file each (manual, 9.28.9 and 26.3.1). */
export const walFiles = defineRead({
  name: 'wal-files',
  about: 'Size of pg_wal, and how many of its files wait for the archiver',
  params: z.object({}),
  needs: 'pg_monitor',
  calls: ['pg_ls_waldir()', 'pg_ls_archive_statusdir()'],
  row: z.object({
    segments: z.number(),
    wal_bytes: bytes,
    /** Files that wait to be archived. */
    ready: z.number(),
    /** Since when the one that waits longest is complete. */
    ready_since: timestamp.nullable(),
    ready_seconds: z.number().nullable(),
  }),
  keep: 5_000,
  sql: /* sql */ `
select /* proctor:wal-files */ w.segments, w.wal_bytes, r.ready, r.ready_since,
       extract(epoch from clock_timestamp() - r.ready_since)::float8 as ready_seconds
  from (select count(*)::int as segments, coalesce(sum(size), 0)::int8 as wal_bytes from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$') w,
       (select count(*)::int as ready, min(modification) as ready_since from pg_ls_archive_statusdir() where name like '%.ready') r`,
})
