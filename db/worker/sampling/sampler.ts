import { setTimeout as sleep } from 'node:timers/promises'
import { consoleUrl } from '../../console/client'
import { serverTarget } from '../../console/servers'
import { type Clock, systemClock } from '../../history/clock'
import { openConsoleSession } from '../../history/console-session'
import { NEVER, type Place } from '../../history/memory'
import { rollUp } from '../../history/roll-up'
import type { Problem, Result } from '../../server/problem'
import type { Target } from '../../server/target'
import { backOffMs } from './back-off'
import { beginSeries, type Held, takeServer } from './held'
import { houseOf } from './housekeeping'
import type { SamplingSettings } from './sampling-settings'
import { settleClock } from './settle-clock'
import { sleepers } from './sleepers'
import { HOURLY, tasksOf, untilDue } from './tasks'

const silent: Problem = { kind: 'timeout', message: 'The server accepted the connection but does not answer' }

const MINUTE_MS = 60_000
const ROLL_UP_MS = 10 * MINUTE_MS
/** A server whose lock another worker has is asked about again after so long, ms. */
const LOCK_AGAIN_MS = 15_000

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
  /** Says that this worker is awake: to be called every few seconds, also while there is nothing to do. */
  beat: () => Promise<void>
  /** Gives back servers that are no longer there. */
  keepOnly: (serverIds: string[]) => Promise<void>
  ended: Promise<void>
  close: () => Promise<void>
}

/** Samples servers, one turn at a time, by the caller's clocks. Errors: throws when the console database cannot be reached. */
export async function openSampler(settings: SamplingSettings, clock: Clock = systemClock): Promise<Sampler> {
  const { monotonic } = clock
  const held = new Map<string, Held>()
  const notBefore = new Map<string, number>()
  const hurry = (serverId: string) => {
    const one = held.get(serverId)
    if (one) Object.assign(one, { retryAt: NEVER, due: new Map([...one.due].filter(([name]) => HOURLY.has(name))) })
  }
  const session = await openConsoleSession(consoleUrl(), hurry)
  const keepHouse = await houseOf(session, clock)
  const wake = sleepers(session, monotonic)
  const tasks = tasksOf(settings)

  async function hold(serverId: string): Promise<Held | null> {
    const found = held.get(serverId)
    if (found) return found
    if ((notBefore.get(serverId) ?? NEVER) > monotonic()) return null
    if (!(await session.lock(serverId)) && !((await wake(serverId)) && (await session.lock(serverId)))) {
      notBefore.set(serverId, monotonic() + LOCK_AGAIN_MS)
      return null
    }
    const taken = await takeServer(session, serverId, settings, clock)
    held.set(serverId, taken)
    return taken
  }

  async function turn(serverId: string): Promise<boolean> {
    const one = await hold(serverId)
    if (!one) return false
    await settleClock(one, clock)
    if (one.retryAt > monotonic()) return false
    if (one.stuck) {
      await fail(one, silent)
      return false
    }
    const target = await serverTarget(serverId)
    if (!target.ok) {
      await fail(one, target.problem)
      return false
    }
    for (;;) {
      one.place.target = expecting(target.value, one.place)
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
    await settleClock(one, clock)
    beginSeries(one)
    const at = monotonic()
    const isDue = ({ name }: { name: string }) => (one.due.get(name) ?? NEVER) <= at
    const again = ({ name, everyMs }: { name: string; everyMs: number }) => one.due.set(name, at + untilDue(at + one.offset, everyMs))
    const task = tasks.ofServer.find(isDue)
    if (task) {
      again(task)
      return attempt(one, task.name, '', () => task.run(one.place))
    }
    const round = tasks.ofDatabases.find(isDue)
    if (round) {
      again(round)
      const waiting = new Set(one.queue.filter((entry) => entry.task === round).map(({ database }) => database))
      for (const database of one.place.memory.visitable ?? []) if (!waiting.has(database)) one.queue.push({ task: round, database })
      return undefined
    }
    const visit = one.queue.shift()
    if (visit) return attempt(one, visit.task.name, visit.database, () => visit.task.run(one.place, visit.database))
    if (isDue({ name: 'roll up' })) {
      one.due.set('roll up', at + ROLL_UP_MS)
      const now = one.place.now()
      await session.transaction((query) => rollUp(query, one.place.no, now))
      one.rolled = Math.max(one.rolled, Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS)
      return undefined
    }
    return 'done'
  }

  /** Runs a task, notes how it went. Gives back the problem only when it is the server's own: it did not answer, or may not be told apart. */
  async function attempt(one: Held, task: string, database: string, work: () => Promise<Result<null>>): Promise<Problem | undefined> {
    const started = performance.now()
    const result = await inTime(one, work())
    const duration = performance.now() - started
    const { place } = one
    place.memory.spent += duration
    const problem = result.ok ? null : result.problem
    await session.transaction(async (query) => {
      await query(
        `insert into sampling_turn (server, task, database, at, duration, problem) values ($1, $2, $3, $4, $5, $6)
         on conflict (server, task, database) do update set at = excluded.at, duration = excluded.duration, problem = excluded.problem`,
        [place.no, task, database, place.now(), duration, problem && JSON.stringify(problem)],
      )
      if (!result.ok) return
      await query(
        'update sampled_server set seen_at = $2, failures = 0, failing_since = null, retry_at = null, problem = null where no = $1',
        [place.no, place.now()],
      )
      one.failures = 0
    })
    // One database of many that may not be entered is no reason to leave the server alone.
    const isAway = problem?.kind === 'unreachable' && database === ''
    return one.stuck || isAway || (problem?.kind === 'another_cluster' && task === 'counters') ? (problem ?? silent) : undefined
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
    const left = backOffMs(one.failures)
    one.retryAt = monotonic() + left
    for (const name of [...one.due.keys()]) if (!HOURLY.has(name)) one.due.delete(name)
    const now = one.place.now()
    await session.transaction((query) =>
      query(
        `update sampled_server set failures = $2, failing_since = coalesce(failing_since, $3), retry_at = $4, problem = $5 where no = $1`,
        [one.place.no, one.failures, now, new Date(now.getTime() + left), JSON.stringify(problem)],
      ),
    )
  }

  return {
    turn,
    hurry,
    housekeeping: keepHouse,
    beat: session.beat,
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

/** Whatever is read in a turn goes into the series of one cluster: no other may answer. */
const expecting = (target: Target, { cluster: { systemIdentifier } }: Place): Target =>
  systemIdentifier === null ? target : { ...target, cluster: { systemIdentifier } }
