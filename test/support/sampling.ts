import { closeConsole, consoleUrl } from '../../db/console/client'
import { registerServer } from '../../db/console/servers'
import type { Clock } from '../../db/history/clock'
import { forgetFacts } from '../../db/server/facts'
import { closePools } from '../../db/server/pool'
import { forgetReads } from '../../db/server/run-read'
import { openSampler, type Sampler } from '../../db/worker/sampling/sampler'
import { readSamplingSettings, type SamplingSettings } from '../../db/worker/sampling/sampling-settings'
import { testConsole } from './test-console'
import type { TestDatabase } from './test-database'

const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000

/** For tests of sampling: a console database, a monitored one, and clocks that move when they are told to. */
export async function samplingBench(monitored: TestDatabase, role?: { user: string; password: string }) {
  const home = await testConsole()
  process.env.PROCTOR_CONSOLE_URL = home.url
  const url = new URL(monitored.url)
  if (role) Object.assign(url, { username: role.user, password: role.password })
  process.env.DATABASE_URL = url.href
  const { serverId, database } = monitored.target
  await registerServer({ id: serverId, name: `postgres ${monitored.major}`, source: 'environment', database })
  // Near enough to the real time that nothing is older than its retention, and at the begin of an hour.
  let clock = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS
  /** What the console's wall clock and the server's are set off by, ms. */
  const off = { console: 0, server: 0 }
  const clocks: Clock = {
    wall: () => new Date(clock + off.console),
    monotonic: () => clock,
    ofServer: () => clock + off.server,
  }
  const samplers: Sampler[] = []
  const open = async (settings: Partial<SamplingSettings> = {}): Promise<Sampler> => {
    const sampler = await openSampler({ ...readSamplingSettings({}), ...settings }, clocks)
    samplers.push(sampler)
    await sampler.housekeeping()
    return sampler
  }
  return {
    home,
    serverId,
    open,
    now: clocks.wall,
    /** Sets a clock ahead, or back. */
    set: (whose: 'console' | 'server', ms: number) => {
      off[whose] += ms
    },
    move: (ms: number) => {
      clock += ms
    },
    /** One turn after so much time; reads are asked anew. */
    turn: async (sampler: Sampler, afterMs = MINUTE_MS): Promise<boolean> => {
      clock += afterMs
      forgetReads()
      return sampler.turn(serverId)
    },
    rows: async <T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
      (await home.client.query<T & Record<string, unknown>>(sql, values)).rows,
    drop: async () => {
      for (const sampler of samplers) await sampler.close()
      await closeConsole()
      await closePools()
      forgetFacts()
      if (consoleUrl() === home.url) process.env.PROCTOR_CONSOLE_URL = ''
      await home.drop()
    },
  }
}

export type SamplingBench = Awaited<ReturnType<typeof samplingBench>>

/** Calls of a statement that sampling has counted, by a word in its text. */
export const callsOf = (bench: SamplingBench, word: string): Promise<number> =>
  bench
    .rows<{ calls: number }>(
      `select coalesce(sum(d.calls), 0)::int as calls from statement_delta_60 d join statement s on s.id = d.statement
         join statement_text t on t.server = s.server and t.queryid = s.queryid and t.dbid = s.dbid where t.query like '%' || $1 || '%'`,
      [word],
    )
    .then(([row]) => row?.calls ?? 0)
