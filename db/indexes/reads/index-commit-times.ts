import { z } from 'zod'
import { oid, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Since when indexes without a scan are known to exist, by the commits of their rows in the catalogs (track_commit_timestamp). A row that
 * was changed since tells a later time than that of its making, never an earlier one. A database copies the rows of its template with their
 * transactions, so an index is no older here than the row of the database, where the commit of that is known; where it is not, it was
 * before commits were kept. A transaction of an earlier epoch gives the commit of a later one, or none.
 */
export const indexCommitTimes = defineRead({
  name: 'index-commit-times',
  about: 'Since when indexes that nothing scanned are known to exist, by commit timestamps',
  params: z.object({}),
  row: z.object({ indexrelid: oid, existed: timestamp }),
  sql: /* sql */ `
with /* proctor:index-commit-times */ born as (
  select pg_xact_commit_timestamp(xmin) as at from pg_database where datname = current_database()
), written as (
  select i.indexrelid, least(pg_xact_commit_timestamp(i.xmin), pg_xact_commit_timestamp(c.xmin), pg_xact_commit_timestamp(a.xmin)) as at
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    left join pg_attribute a on a.attrelid = i.indexrelid and a.attnum = 1
   where i.indexrelid >= 16384 and pg_stat_get_numscans(i.indexrelid) = 0
)
select w.indexrelid, greatest(w.at, born.at) as existed
from written w, born
where w.at is not null and current_setting('track_commit_timestamp')::bool`,
  timeout: 5_000,
  keep: 60_000,
})
