import { consoleDb } from '../console/client'
import { historyBegin, sampledPart, toldRange } from './begin'
import { STATEMENT_WINDOW } from './series'
import { bucketsOf } from './statement-load'
import { statementSeries, statementTotals } from './statements'

const DAY_MS = 86_400_000
const DAYS = 30
const POINTS = 60

/** How a query of the guide ran for others: what pg_stat_statements counted under its queryid. */
export interface GuideHistory {
  /** Calls within the last 24 hours. */
  calls: number
  /** Equal steps of up to 30 days; ms since the epoch. */
  buckets: ReturnType<typeof bucketsOf>
  /** ms a call, by steps; null where nobody called it. */
  mean: (number | null)[]
}

/**
 * The last 30 days of a query, for everybody who sends it but Proctor. The queryid is the server's own: of the same tables, columns and
 * operators, whatever the constants and names. null: no sample has held it.
 */
export async function guideHistory(serverId: string, database: string, queryid: string): Promise<GuideHistory | null> {
  const { rows } = await consoleDb().$client.query<{ ids: number[] | null }>(
    /* sql */ `
select array_agg(s.id) as ids
  from sampled_server n
  join statement s on s.server = n.no and s.queryid = $2::int8 and s.datname = $3 and not s.own
 where n.server_id = $1 and n.current`,
    [serverId, queryid, database],
  )
  const ids = rows[0]?.ids
  if (!ids) return null
  const to = new Date()
  const asked = { from: new Date(to.getTime() - DAYS * DAY_MS), to }
  const { range } = toldRange(asked, await historyBegin(serverId, STATEMENT_WINDOW))
  const [month, day, part] = await Promise.all([
    statementSeries(serverId, range, ids, POINTS),
    statementTotals(serverId, { from: new Date(to.getTime() - DAY_MS), to }, { filter: { statements: ids, own: null } }),
    sampledPart(serverId, STATEMENT_WINDOW, range),
  ])
  if (month.sampled.length === 0) return null
  const byTime = new Map<number, { calls: number; time: number }>()
  for (const { at, calls, total_exec_time: time } of month.points) {
    const sum = byTime.get(at) ?? { calls: 0, time: 0 }
    byTime.set(at, { calls: sum.calls + calls, time: sum.time + time })
  }
  const buckets = bucketsOf(range, month.width, part)
  return {
    calls: day.statements.reduce((sum, { calls }) => sum + calls, 0),
    buckets,
    mean: buckets.times.map((at) => {
      const sum = byTime.get(at)
      return sum && sum.calls > 0 ? sum.time / sum.calls : null
    }),
  }
}
