import { consoleDb } from '../console/client'
import type { Problem } from '../server/problem'

export interface SamplingTurn {
  task: string
  /** When it last ended; of the latest database where it visits them all. */
  at: string
  /** ms, all databases together. */
  duration: number
  databases: number
  problem: Problem | null
}

export interface SamplingState {
  seenAt: string | null
  /** Attempts in a row that failed; 0: it answers. */
  failures: number
  failingSince: string | null
  /** Left alone until then. */
  retryAt: string | null
  problem: Problem | null
  turns: SamplingTurn[]
  /** What Proctor's looking cost within the last hour, in ms of one core; null while nothing has been sampled. */
  cost: { ms: number; seconds: number; source: 'pg_stat_statements' | 'worker' } | null
}

/** How sampling of a server goes; null while it was never tried. */
export async function samplingState(serverId: string): Promise<SamplingState | null> {
  const { $client } = consoleDb()
  const known = await $client.query('select * from sampled_server where server_id = $1 and current', [serverId])
  const row = known.rows[0]
  if (!row) return null
  const turns = await $client.query(
    /* sql */ `
select task, max(at) as at, sum(duration)::float8 as duration, count(*)::int as databases,
       (array_agg(problem order by at desc) filter (where problem is not null))[1] as problem
  from sampling_turn where server = $1 group by task order by task`,
    [row.no],
  )
  const { rows: cost } = await $client.query(
    /* sql */ `
select (select sum(own_time) from statement_window where server = $1 and step = 60 and at between now() - interval '1 hour' and now()) as own,
       (select sum(seconds) from statement_window where server = $1 and step = 60 and at between now() - interval '1 hour' and now()) as own_seconds,
       (select sum(proctor_time) from server_delta where server = $1 and step = 10 and at between now() - interval '1 hour' and now()) as seen,
       (select sum(seconds) from server_delta where server = $1 and step = 10 and at between now() - interval '1 hour' and now()) as seen_seconds`,
    [row.no],
  )
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return {
    seenAt: iso(row.seen_at),
    failures: row.failures,
    failingSince: iso(row.failing_since),
    retryAt: iso(row.retry_at),
    problem: row.problem,
    turns: turns.rows.map((turn) => ({ ...turn, at: turn.at.toISOString() })),
    cost: costOf(cost[0]),
  }
}

/** When a task last looked at a server, in ms since the epoch; null while it never did, or as long as the clock says that is yet to come. */
export async function sampledAt(serverId: string, task: string, now = new Date()): Promise<number | null> {
  const { rows } = await consoleDb().$client.query<{ at: number | null }>(
    `select extract(epoch from max(t.at))::float8 * 1000 as at
       from sampling_turn t join sampled_server s on s.no = t.server where s.server_id = $1 and s.current and t.task = $2 and t.problem is null and t.at <= $3`,
    [serverId, task, now],
  )
  return rows[0]?.at ?? null
}

function costOf(row: Record<'own' | 'own_seconds' | 'seen' | 'seen_seconds', number | null>): SamplingState['cost'] {
  if (row.own !== null && row.own_seconds) return { ms: row.own, seconds: row.own_seconds, source: 'pg_stat_statements' }
  if (row.seen !== null && row.seen_seconds) return { ms: row.seen, seconds: row.seen_seconds, source: 'worker' }
  return null
}
