import { consoleDb } from '../console/client'
import { numberOf, rowsOf, type TimeRange } from './range'
import { STATEMENT_WINDOW } from './series'

/** The newest statements that pg_stat_activity showed under a queryid, with the values that the client put into the text. */
export async function statementExamples(
  serverId: string,
  queryid: string,
  dbid: number,
): Promise<{ at: number; query: string; running: number; applicationName: string; rolname: string }[]> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select extract(epoch from e.at)::float8 * 1000 as at, e.query, e.running, e.application_name as "applicationName", e.rolname
  from statement_example e
  join sampled_server s on s.no = e.server
 where s.server_id = $1 and s.current and e.queryid = $2::int8 and e.dbid = $3
 order by e.at desc limit 5`,
    [serverId, queryid, dbid],
  )
  return rows
}

/** Applications that were seen with a statement, the most frequent first. */
export async function statementApplications(
  serverId: string,
  queryid: string,
  dbid: number,
): Promise<{ applicationName: string; seen: number; lastSeen: number }[]> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select a.application_name as "applicationName", a.seen, extract(epoch from a.last_seen)::float8 * 1000 as "lastSeen"
  from statement_application a
  join sampled_server s on s.no = a.server
 where s.server_id = $1 and s.current and a.queryid = $2::int8 and a.dbid = $3
 order by a.seen desc, a.application_name`,
    [serverId, queryid, dbid],
  )
  return rows
}

/** What there is to filter by. */
export async function statementUsers(serverId: string): Promise<{ rolnames: string[]; datnames: string[]; applications: string[] }> {
  const no = await numberOf(serverId)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select (select coalesce(array_agg(distinct rolname order by rolname), '{}') from statement where server = $1 and not own) as rolnames,
       (select coalesce(array_agg(distinct datname order by datname), '{}') from statement
         where server = $1 and not own and datname is not null) as datnames,
       (select coalesce(array_agg(distinct application_name order by application_name), '{}') from statement_application
         where server = $1) as applications`,
    [no ?? -1],
  )
  return rows[0]
}

/** How whole pg_stat_statements was over a range. */
interface StatementWindow {
  /** Seconds that were sampled within the range; what is missing of it is a gap. */
  seconds: number
  /** How often the server threw out the least used entries. */
  evictions: number
  /** The most entries at once, and of them those that the role may not see. */
  statements: number
  hidden: number
  /** Execution and planning of Proctor's own statements, ms. */
  ownTime: number
}

export async function statementWindow(serverId: string, range: TimeRange): Promise<StatementWindow> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await rowsOf(no, STATEMENT_WINDOW, range)
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select coalesce(sum(seconds), 0)::float8 as seconds, coalesce(sum(evictions), 0)::float8 as evictions,
       coalesce(max(statements), 0) as statements, coalesce(max(hidden), 0) as hidden, coalesce(sum(own_time), 0) as "ownTime"
  from ${from} d`,
    [no],
  )
  return rows[0]
}

const edgeOf = async (serverId: string, end: 'min' | 'max'): Promise<Date | null> => {
  const { rows } = await consoleDb().$client.query<{ at: Date | null }>(
    `select ${end}(w.at) as at from statement_window w join sampled_server s on s.no = w.server where s.server_id = $1 and s.current`,
    [serverId],
  )
  return rows[0]?.at ?? null
}

/** The begin of the first bucket with statements; null while there is none. */
export const firstStatementSample = (serverId: string): Promise<Date | null> => edgeOf(serverId, 'min')

/** When pg_stat_statements was last read. */
export async function lastStatementSample(serverId: string): Promise<Date | null> {
  const { rows } = await consoleDb().$client.query<{ at: Date }>(
    `select t.at from sampling_turn t join sampled_server s on s.no = t.server where s.server_id = $1 and s.current and t.task = 'statements' and t.problem is null`,
    [serverId],
  )
  return rows[0]?.at ?? null
}

export const SAMPLE_CHANNEL = 'proctor_sample'

/** Asks whichever worker samples the server to do it now. */
export async function requestSample(serverId: string): Promise<void> {
  await consoleDb().$client.query('select pg_notify($1, $2)', [SAMPLE_CHANNEL, serverId])
}
