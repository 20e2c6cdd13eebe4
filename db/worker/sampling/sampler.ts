import { setTimeout as sleep } from 'node:timers/promises'
import { consoleUrl } from '../../console/client'
import { forgetOld, keepPartitions } from '../../console/history/partitions'
import { readRetention } from '../../console/history/retention'
import { rollUp } from '../../console/history/roll-up'
import { serverTarget } from '../../console/servers'
import type { Problem, Result } from '../../server/problem'
import { backOffMs } from './back-off'
import { type ConsoleSession, openConsoleSession } from './console-session'
import { newMemory, type Place } from './memory'
import { forgetValues } from './sample-counters'
import type { SamplingSettings } from './sampling-settings'
import { type DatabaseTask, HOUR_MS, HOURLY, nextDue, tasksOf } from './tasks'

const silent: Problem = { kind: 'timeout', message: 'The server took the connection but does not answer' }

const ROLL_UP_MS = 10 * 60_000
/** A server whose lock another worker has is asked about again after so long, ms. */
const LOCK_AGAIN_MS = 15_000

interface Held {
  place: Place
  /** When each task is due next, ms. */
  due: Map<string, number>
  /** Databases that a task has still to visit in this round. */
  queue: { task: DatabaseTask; database: string }[]
  failures: number
  retryAt: number
  /** Work that did not come back in time: until it does, nothing else is tried there. */
  stuck: boolean
}

export interface Sampler {
  /**
   * Does at one server whatever is due. False: another worker samples it, or it is left alone after failures.
   * Errors: throws when the console database is gone; the sampler is of no more use then.
   */
  turn: (serverId: string) => Promise<boolean>
  /** Makes everything of a server due at once. */
  hurry: (serverId: string) => void
  /** Makes and drops partitions. */
  housekeeping: () => Promise<string[]>
  /** Gives back servers that are no longer there. */
  keepOnly: (serverIds: string[]) => Promise<void>
  ended: Promise<void>
  close: () => Promise<void>
}

/** Samples servers, one turn at a time, by the caller's clock. Errors: throws when the console database cannot be reached. */
export async function openSampler(settings: SamplingSettings, now: () => Date = () => new Date()): Promise<Sampler> {
  const held = new Map<string, Held>()
  const notBefore = new Map<string, number>()
  const hurry = (serverId: string) => {
    const one = held.get(serverId)
    if (one) Object.assign(one, { retryAt: 0, due: new Map([...one.due].filter(([name]) => HOURLY.has(name))) })
  }
  const session = await openConsoleSession(consoleUrl(), hurry)
  const retention = readRetention()
  const tasks = tasksOf(settings)

  const housekeeping = () =>
    session.transaction(async (query) => {
      await forgetOld(query, now(), retention)
      return keepPartitions(query, now(), retention)
    })

  async function hold(serverId: string): Promise<Held | null> {
    const found = held.get(serverId)
    if (found) return found
    if ((notBefore.get(serverId) ?? 0) > now().getTime()) return null
    if (!(await session.lock(serverId))) {
      notBefore.set(serverId, now().getTime() + LOCK_AGAIN_MS)
      return null
    }
    const taken = await takeServer(session, serverId, settings, now)
    held.set(serverId, taken)
    return taken
  }

  async function turn(serverId: string): Promise<boolean> {
    const one = await hold(serverId)
    if (!one || one.retryAt > now().getTime()) return false
    if (one.stuck) {
      await fail(one, silent)
      return false
    }
    const target = await serverTarget(serverId)
    if (!target.ok) {
      await fail(one, target.problem)
      return false
    }
    one.place.target = target.value
    for (;;) {
      const problem = await nextStep(one)
      if (problem === 'done') return true
      if (problem) {
        await fail(one, problem)
        return false
      }
    }
  }

  /** The most pressing of what is due. 'done': nothing is; a problem: the server did not answer. */
  async function nextStep(one: Held): Promise<'done' | Problem | undefined> {
    const at = now().getTime()
    const isDue = ({ name }: { name: string }) => (one.due.get(name) ?? 0) <= at
    const task = tasks.ofServer.find(isDue)
    if (task) {
      one.due.set(task.name, nextDue(at, task.everyMs))
      return attempt(one, task.name, '', () => task.run(one.place))
    }
    const round = tasks.ofDatabases.find(isDue)
    if (round) {
      one.due.set(round.name, nextDue(at, round.everyMs))
      const waiting = new Set(one.queue.filter((entry) => entry.task === round).map(({ database }) => database))
      for (const database of one.place.memory.visitable ?? []) if (!waiting.has(database)) one.queue.push({ task: round, database })
      return undefined
    }
    const visit = one.queue.shift()
    if (visit) return attempt(one, visit.task.name, visit.database, () => visit.task.run(one.place, visit.database))
    if ((one.due.get('roll up') ?? 0) <= at) {
      one.due.set('roll up', at + ROLL_UP_MS)
      await session.transaction((query) => rollUp(query, one.place.no, one.place.now()))
      return undefined
    }
    return 'done'
  }

  /** Runs a task, notes how it went. Gives back the problem only when it is the server's own: it did not answer. */
  async function attempt(one: Held, task: string, database: string, work: () => Promise<Result<null>>): Promise<Problem | undefined> {
    const started = performance.now()
    const result = await inTime(one, work())
    const duration = performance.now() - started
    one.place.memory.spent += duration
    const problem = result.ok ? null : result.problem
    await session.transaction(async (query) => {
      await query(
        `insert into sampling_turn (server, task, database, at, duration, problem) values ($1, $2, $3, $4, $5, $6)
         on conflict (server, task, database) do update set at = excluded.at, duration = excluded.duration, problem = excluded.problem`,
        [one.place.no, task, database, now(), duration, problem && JSON.stringify(problem)],
      )
      if (!result.ok) return
      await query(
        'update sampled_server set seen_at = $2, failures = 0, failing_since = null, retry_at = null, problem = null where no = $1',
        [one.place.no, now()],
      )
      one.failures = 0
    })
    // One database of many that may not be entered is no reason to leave the server alone.
    return one.stuck || (problem?.kind === 'unreachable' && database === '') ? (problem ?? silent) : undefined
  }

  /** A read has a time-out at the server; this is for a server, or a network, that says nothing at all. */
  async function inTime(one: Held, work: Promise<Result<null>>): Promise<Result<null>> {
    const timer = new AbortController()
    const late = sleep(settings.answerMs, null, { signal: timer.signal }).catch(() => null)
    const result = await Promise.race([work, late])
    timer.abort()
    if (result) return result
    one.stuck = true
    work
      .catch(() => undefined)
      .finally(() => {
        one.stuck = false
      })
    return { ok: false, problem: silent }
  }

  async function fail(one: Held, problem: Problem): Promise<void> {
    one.failures += 1
    one.queue = []
    one.retryAt = now().getTime() + backOffMs(one.failures)
    for (const name of [...one.due.keys()]) if (!HOURLY.has(name)) one.due.delete(name)
    await session.transaction((query) =>
      query(
        `update sampled_server set failures = $2, failing_since = coalesce(failing_since, $3), retry_at = $4, problem = $5 where no = $1`,
        [one.place.no, one.failures, now(), new Date(one.retryAt), JSON.stringify(problem)],
      ),
    )
  }

  return {
    turn,
    hurry,
    housekeeping,
    keepOnly: async (serverIds) => {
      for (const serverId of held.keys()) {
        if (serverIds.includes(serverId)) continue
        held.delete(serverId)
        await session.unlock(serverId)
      }
    },
    ended: session.ended,
    close: session.close,
  }
}

async function takeServer(session: ConsoleSession, serverId: string, settings: SamplingSettings, now: () => Date): Promise<Held> {
  const row = await session.transaction(async (query) => {
    await query('insert into sampled_server (server_id) values ($1) on conflict (server_id) do nothing', [serverId])
    const { rows } = await query<{ no: number; failures: number; retry_at: Date | null; rolled: Date | null; indexed: Date | null }>(
      `select s.no, s.failures, s.retry_at, (select max(until) from rolled_up r where r.server = s.no) as rolled,
              (select max(at) from sampling_turn t where t.server = s.no and t.task = 'indexes') as indexed
         from sampled_server s where s.server_id = $1`,
      [serverId],
    )
    return rows[0] as (typeof rows)[number]
  })
  const place: Place = {
    serverId,
    no: row.no,
    target: { serverId, host: '', port: 0, user: '', database: '' }, // looked up at the begin of each turn
    session,
    memory: newMemory(),
    // A clock that runs behind that of an earlier worker writes nothing into buckets that were rolled up.
    now: () => new Date(Math.max(now().getTime(), row.rolled?.getTime() ?? 0)),
    keepExamples: settings.keepExamples,
  }
  forgetValues(place)
  const due = new Map<string, number>()
  // A worker that is started again does not do the dear tasks anew.
  if (row.indexed) due.set('indexes', row.indexed.getTime() + HOUR_MS)
  return { place, due, queue: [], failures: row.failures, retryAt: row.retry_at?.getTime() ?? 0, stuck: false }
}
