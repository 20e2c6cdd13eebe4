import { z } from 'zod'
import { bytes, counter } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What lies beside the databases in the data directory: the files of pg_wal, and temporary files that are there now (manual, 9.28.9). */
export const storageFiles = defineRead({
  name: 'storage-files',
  about: 'Bytes of pg_wal and of temporary files that exist now',
  needs: 'pg_monitor',
  calls: ['pg_ls_waldir()', 'pg_ls_tmpdir(oid)'],
  params: z.object({}),
  row: z.object({
    wal_bytes: bytes,
    wal_files: z.number(),
    max_wal_size: bytes,
    temp_bytes: bytes,
    temp_files: z.number(),
    /** Written since the statistics count, by databases together. */
    temp_written: counter,
  }),
  keep: 10_000,
  timeout: 10_000,
  sql: /* sql */ `
select /* proctor:storage-files */ w.bytes as wal_bytes, w.files as wal_files, pg_size_bytes(current_setting('max_wal_size')) as max_wal_size,
       t.bytes as temp_bytes, t.files as temp_files, (select coalesce(sum(temp_bytes), 0)::int8 from pg_stat_database) as temp_written
  from (select coalesce(sum(size), 0)::int8 as bytes, count(*)::int as files from pg_ls_waldir()) w,
       (select coalesce(sum(f.size), 0)::int8 as bytes, count(*)::int as files
          from pg_tablespace s, pg_ls_tmpdir(s.oid) f where s.spcname <> 'pg_global') t`,
})

/** Where the data directory lies, and since when the server runs: what proves that it is on this machine. */
export const dataPlace = defineRead({
  name: 'data-place',
  about: 'The data directory, for a role that may see it, and when the server started',
  needs: 'pg_read_all_settings',
  params: z.object({}),
  row: z.object({ directory: z.string().nullable(), started: z.number() }),
  keep: 60_000,
  sql: /* sql */ `
select /* proctor:data-place */ (select setting from pg_settings where name = 'data_directory') as directory,
       floor(extract(epoch from pg_postmaster_start_time()))::float8 as started`,
})
