import { z } from 'zod'
import { counter, oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const statement = (lastIdxScan: string) => /* sql */ `
select /* proctor:index-scans */ i.indexrelid, pg_stat_get_numscans(i.indexrelid) as idx_scan, ${lastIdxScan} as last_idx_scan
from pg_index i
where i.indexrelid >= 16384 and pg_stat_get_numscans(i.indexrelid) > 0`

/** Scans of a server that are added to those of another of its cluster: the catalog of both is the same, their counters are not. */
export const indexScans = defineRead({
  name: 'index-scans',
  about: 'The indexes that this server scanned, and how often',
  params: z.object({}),
  row: z.object({ indexrelid: oid, idx_scan: counter, last_idx_scan: timestamp.nullable() }),
  sql: { 14: statement('null::timestamptz'), 16: statement('pg_stat_get_lastscan(i.indexrelid)') },
  keep: 5_000,
})
