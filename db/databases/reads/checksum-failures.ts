import { z } from 'zod'
import { counter, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Pages whose checksum was wrong when they were read (manual, 27.2.17). Every role may read them; null where the cluster has no checksums. */
export const checksumFailures = defineRead({
  name: 'checksum-failures',
  about: 'Pages whose checksum was wrong, by database',
  params: z.object({}),
  row: z.object({
    /** Null: what all databases share. */
    datname: z.string().nullable(),
    checksum_failures: counter,
    checksum_last_failure: timestamp.nullable(),
  }),
  sql: /* sql */ `
select /* proctor:checksum-failures */ datname::text, checksum_failures, checksum_last_failure
  from pg_stat_database where checksum_failures > 0 order by checksum_failures desc`,
})
