import type { Clock } from '../../history/clock'
import type { ConsoleSession } from '../../history/console-session'
import { type KnownCluster, NEVER, newMemory, type Place } from '../../history/memory'
import { backOffMs } from './back-off'
import type { SamplingSettings } from './sampling-settings'
import { type DatabaseTask, HOUR_MS } from './tasks'

/** A server whose lock this worker has. Moments are those of the monotonic clock, ms. */
export interface Held {
  place: Place
  /** The series that all of this is about. */
  no: number
  /** When each task is due next. */
  due: Map<string, number>
  /** Databases that a task has still to visit in this round. */
  queue: { task: DatabaseTask; database: string }[]
  failures: number
  retryAt: number
  /** Work that did not come back in time: until it does, nothing else is tried there. */
  stuck: boolean
  /** Wall minus monotonic as last looked at: between two looks the wall clock is taken to run as the monotonic one. */
  offset: number
  /** Up to when some step has been rolled up, ms since the epoch: nothing is written into buckets before. */
  rolled: number
}

interface SeriesRow {
  no: number
  failures: number
  retry_at: Date | null
  system_identifier: string | null
  timeline: number | null
  in_recovery: boolean | null
  version: string | null
  rolled: Date | null
  indexed: Date | null
  newest: Date | null
}

/** Begins with a server whose lock was got, where another worker left off. */
export async function takeServer(session: ConsoleSession, serverId: string, settings: SamplingSettings, clock: Clock): Promise<Held> {
  const row = await session.transaction(async (query) => {
    await query('insert into sampled_server (server_id) values ($1) on conflict (server_id) where current do nothing', [serverId])
    const { rows } = await query<SeriesRow>(
      `select s.*, (select max(until) from rolled_up r where r.server = s.no) as rolled,
              (select max(at) from sampling_turn t where t.server = s.no and t.task = 'indexes') as indexed,
              greatest(s.seen_at, (select max(at) from sampling_turn t where t.server = s.no)) as newest
         from sampled_server s where s.server_id = $1 and s.current`,
      [serverId],
    )
    return rows[0] as SeriesRow
  })
  const { monotonic } = clock
  const wall = clock.wall().getTime()
  const rolled = row.rolled?.getTime() ?? 0
  // A clock that is behind the last sample has gone back since: the first look at it finds that out.
  const offset = Math.max(wall, row.newest?.getTime() ?? 0, rolled) - monotonic()
  const cluster: KnownCluster = {
    systemIdentifier: row.system_identifier,
    timeline: row.timeline,
    inRecovery: row.in_recovery,
    version: row.version,
  }
  const one: Held = {
    place: {
      serverId,
      no: row.no,
      cluster,
      target: { serverId, host: '', port: 0, user: '', database: '' }, // looked up at the begin of each turn
      session,
      memory: newMemory(),
      now: () => new Date(Math.max(one.offset + monotonic(), one.rolled)),
      elapsed: monotonic,
      serverTime: (told) => clock.ofServer(Date.parse(told)),
      keepExamples: settings.keepExamples,
    },
    no: row.no,
    due: new Map(),
    queue: [],
    failures: row.failures,
    // A moment by a clock that was set since holds nobody back for longer than the failures do.
    retryAt: row.retry_at === null ? NEVER : monotonic() + Math.min(row.retry_at.getTime() - wall, backOffMs(row.failures)),
    stuck: false,
    offset,
    rolled,
  }
  // A worker that is started again does not do the dear tasks anew.
  if (row.indexed) one.due.set('indexes', monotonic() + Math.min(row.indexed.getTime() + HOUR_MS - wall, HOUR_MS))
  return one
}

/** Where the place has come to another series nothing was looked at yet, but for the counters, which found that out. */
export function beginSeries(one: Held): void {
  if (one.no === one.place.no) return
  Object.assign(one, { no: one.place.no, queue: [], rolled: 0, due: new Map([...one.due].filter(([name]) => name === 'counters')) })
}
