import { consoleDb } from '../console/client'
import { bucketOf, type Covered, numberOf, pointsOf, rowsOf, type TimeRange } from './range'
import { STATEMENT_DELTA, STATEMENT_SUMS, STATEMENT_WINDOW } from './series'
import { orderBy, type StatementOrder } from './statement-order'

/** Sums over a range: times in ms, blocks in blocks, wal_bytes in bytes. */
export type StatementSums = Record<(typeof STATEMENT_SUMS)[number], number> & {
  /** The longest execution since the server counts, as it told last. */
  max_exec_time: number | null
  /** The longest and shortest of which it is known that they happened within the range; null where nothing told. */
  max_known: number | null
  min_known: number | null
}

export interface StatementTotal extends StatementSums {
  /** Proctor's number for this statement of this user in this database. */
  statement: number
  queryid: string
  userid: number
  dbid: number
  toplevel: boolean
  rolname: string
  datname: string | null
  own: boolean
  /** Null: the text was never seen. */
  query: string | null
  cut: boolean
  firstSeen: string
}

export interface StatementFilter {
  dbid?: number
  datname?: string
  rolname?: string
  /** In the text, whatever the case. */
  search?: string
  /** Seen in a session of it, in the range or later. */
  application?: string
  /** ms a call. */
  minMean?: number
  /** True: Proctor's own alone; null: all; false when left out: those of others. */
  own?: boolean | null
  statements?: number[]
}

/** Summed up as float8: exact for counts below 2^53, and without a numeric for each of thousands of groups. */
const SUMS = STATEMENT_SUMS.map((name) => `coalesce(sum(d.${name}::float8), 0) as ${name}`).join(', ')
const GAUGES = 'max(d.max_exec_time) as max_exec_time, max(d.max_known) as max_known, min(d.min_known) as min_known'

/** Conditions on `statement s`, with their values from `$first` on. */
function conditions(filter: StatementFilter, { from }: TimeRange, first: number): { sql: string; values: unknown[] } {
  const values: unknown[] = []
  const given = (value: unknown): string => `$${first + values.push(value) - 1}`
  const own = filter.own === undefined ? false : filter.own
  const parts = [
    own === null ? '' : own ? 's.own' : 'not s.own',
    filter.dbid === undefined ? '' : `s.dbid = ${given(filter.dbid)}`,
    filter.datname === undefined ? '' : `s.datname = ${given(filter.datname)}`,
    filter.rolname === undefined ? '' : `s.rolname = ${given(filter.rolname)}`,
    filter.statements === undefined ? '' : `s.id = any (${given(filter.statements)}::int[])`,
    filter.search
      ? `exists (select from statement_text t where t.server = s.server and t.queryid = s.queryid and t.dbid = s.dbid
           and position(lower(${given(filter.search)}) in lower(t.query)) > 0)`
      : '',
    filter.application === undefined
      ? ''
      : `exists (select from statement_application a where a.server = s.server and a.queryid = s.queryid and a.dbid = s.dbid
           and a.application_name = ${given(filter.application)} and a.last_seen >= ${given(from)})`,
  ]
  return { sql: ['s.server = $1', ...parts.filter(Boolean)].join(' and '), values }
}

/** What a statement took counts for the one that called it too: where a filter lets both kinds through, totals take the top level alone. */
const topIn = (where: string) => `exists (select from statement s where ${where} and s.toplevel)`

const ALL = [
  ...STATEMENT_SUMS.map((name) => `coalesce(sum(${name}), 0) as ${name}`),
  'max(max_exec_time) as max_exec_time',
  'max(max_known) as max_known',
  'min(min_known) as min_known',
].join(', ')

/**
 * What each statement took over a range, the first of an order; `all` sums up everything that the filter lets through, where
 * nestedApart without those that others called.
 */
export async function statementTotals(
  serverId: string,
  range: TimeRange,
  {
    filter = {},
    order = { sort: 'total', dir: 'desc' },
    limit = 200,
  }: { filter?: StatementFilter; order?: StatementOrder; limit?: number } = {},
): Promise<{ covered: Covered; all: StatementSums; count: number; nestedApart: boolean; statements: StatementTotal[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from } = await rowsOf(no, STATEMENT_DELTA, range)
  const where = conditions(filter, range, 4)
  const few = where.values.length > 0 || filter.own === true
  const sql = /* sql */ `
with sums as (
  select d.statement, ${SUMS}, ${GAUGES} from ${from} d
  ${few ? `where d.statement in (select s.id from statement s where ${where.sql})` : ''} group by d.statement
), chosen as materialized (
  select sums.*, s.toplevel from sums join statement s on s.id = sums.statement
   where ${where.sql} and ($2::float8 is null or sums.total_exec_time >= $2 * sums.calls)
), best as (
  select * from chosen order by ${orderBy(order)} limit $3
)
select (select row_to_json(a) from (select ${ALL} from chosen where toplevel or not ${topIn(where.sql)}) a) as "all",
       (select row_to_json(c) from (select count(*) as count,
          coalesce(bool_or(not toplevel), false) and ${topIn(where.sql)} as "nestedApart" from chosen) c) as counted,
       coalesce((select json_agg(row_to_json(r)) from (
         select best.*, s.queryid::text as queryid, s.userid, s.dbid, s.rolname, s.datname, s.own, t.query,
                coalesce(t.cut, false) as cut, s.first_seen as "firstSeen"
           from best join statement s on s.id = best.statement
           left join statement_text t on t.server = s.server and t.queryid = s.queryid and t.dbid = s.dbid
          order by ${orderBy(order)}) r), '[]') as statements`
  const { rows } = await consoleDb().$client.query(sql, [no, filter.minMean ?? null, limit, ...where.values])
  const { all, counted, statements } = rows[0]
  return { covered, all, ...counted, statements }
}

interface StatementPoint extends StatementSums {
  at: number
  statement: number
  /** How much of the bucket was sampled. */
  seconds: number
}

/** Some statements over time. `width` is the length of a bucket in seconds; a bucket without calls has no row. */
export async function statementSeries(
  serverId: string,
  range: TimeRange,
  statements: number[],
  points?: number,
): Promise<{ covered: Covered; width: number; points: StatementPoint[]; sampled: { at: number; seconds: number }[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, STATEMENT_DELTA, range, points)
  const sampled = await sampledSeconds(no, range, points)
  const seconds = new Map(sampled.map((bucket) => [bucket.at, bucket.seconds]))
  const sql = /* sql */ `
select ${bucketOf(width)} * 1000 as at, d.statement, ${SUMS}, ${GAUGES}
  from (select * from ${from} f where f.statement = any ($2::int[])) d
 group by 1, 2 order by 1, 2`
  const { rows } = await consoleDb().$client.query<Omit<StatementPoint, 'seconds'>>(sql, [no, statements])
  return { covered, width, sampled, points: rows.map((row) => ({ ...row, seconds: seconds.get(row.at) ?? width })) }
}

async function sampledSeconds(no: number, range: TimeRange, points?: number) {
  const { from, width } = await pointsOf(no, STATEMENT_WINDOW, range, points)
  const { rows } = await consoleDb().$client.query<{ at: number; seconds: number; total_exec_time: number; calls: number }>(
    `select ${bucketOf(width)} * 1000 as at, sum(seconds) as seconds, coalesce(sum(total_exec_time), 0) as total_exec_time,
            coalesce(sum(calls), 0)::float8 as calls from ${from} d group by 1 order by 1`,
    [no],
  )
  return rows
}

interface LoadPoint {
  at: number
  /** Null: all the others together. */
  statement: number | null
  /** ms; divided by 1000 and by `seconds` it is the average number of active sessions. */
  total_exec_time: number
  calls: number
  seconds: number
}

/** The load over time: some statements, and the rest of what the filter lets through; nested ones count as in the totals. */
export async function loadSeries(
  serverId: string,
  range: TimeRange,
  top: number[],
  { filter = {}, points }: { filter?: StatementFilter; points?: number } = {},
): Promise<{ covered: Covered; width: number; points: LoadPoint[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { covered, from, width } = await pointsOf(no, STATEMENT_DELTA, range, points)
  const sampled = await sampledSeconds(no, range, points)
  const where = conditions(filter, range, 3)
  // Without a filter the total of each window is known; with one, every row is asked.
  const filtered = where.values.length > 0 || filter.own !== undefined
  const sql = /* sql */ `
select ${bucketOf(width)} * 1000 as at, case when d.statement = any ($2::int[]) then d.statement end as statement,
       coalesce(sum(d.total_exec_time), 0) as total_exec_time, coalesce(sum(d.calls), 0)::float8 as calls
  from (select f.* from ${from} f where ${filtered ? `f.statement in (select s.id from statement s where ${where.sql} and (s.toplevel or not ${topIn(where.sql)}))` : 'f.statement = any ($2::int[])'}) d
 group by 1, 2 order by 1, 2`
  const { rows } = await consoleDb().$client.query<Omit<LoadPoint, 'seconds'>>(sql, [no, top, ...(filtered ? where.values : [])])
  const seconds = new Map(sampled.map((bucket) => [bucket.at, bucket.seconds]))
  const shown = rows.map((row) => ({ ...row, seconds: seconds.get(row.at) ?? width }))
  return { covered, width, points: filtered ? shown : [...shown, ...restOf(sampled, shown)] }
}

function restOf(sampled: Awaited<ReturnType<typeof sampledSeconds>>, top: LoadPoint[]): LoadPoint[] {
  const byBucket = Map.groupBy(top, ({ at }) => at)
  return sampled.map(({ at, seconds, total_exec_time, calls }) => {
    const shown = byBucket.get(at) ?? []
    const less = (total: number, part: (point: LoadPoint) => number) =>
      Math.max(
        0,
        shown.reduce((rest, point) => rest - part(point), total),
      )
    return {
      at,
      statement: null,
      seconds,
      total_exec_time: less(total_exec_time, (p) => p.total_exec_time),
      calls: less(calls, (p) => p.calls),
    }
  })
}
