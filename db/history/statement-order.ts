/** What a list of statements may be sorted by, over the sums of a range. The text whatever its case, by its beginning. */
const BY = {
  total: 'total_exec_time',
  calls: 'calls',
  mean: 'total_exec_time / nullif(calls, 0)',
  stddev: 'exec_time_squares / nullif(calls, 0) - (total_exec_time / nullif(calls, 0)) ^ 2',
  max: 'case when max_known >= max_exec_time or max_exec_time is null or calls = 1 then max_known else max_exec_time end',
  rows: 'rows / nullif(calls, 0)',
  read: 'shared_blks_read',
  hit: 'coalesce(shared_blks_hit / nullif(shared_blks_hit + shared_blks_read, 0), 2)',
  wal: 'wal_bytes',
  temp: 'temp_blks_read + temp_blks_written',
  planning: 'total_plan_time',
  query: `(select lower(left(x.query, 1000)) from statement o join statement_text x on x.server = o.server and x.queryid = o.queryid and x.dbid = o.dbid
            where o.id = statement)`,
} as const

export interface StatementOrder {
  sort: keyof typeof BY
  dir: 'asc' | 'desc'
}

/** The ORDER BY of rows that have a statement and its sums; equal ones stand by total time, as in the list. */
export const orderBy = ({ sort, dir }: StatementOrder): string =>
  `${BY[sort]} ${dir === 'asc' ? 'asc nulls first' : 'desc nulls last'}, total_exec_time desc, statement`
