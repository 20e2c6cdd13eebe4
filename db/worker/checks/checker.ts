import { randomBytes } from 'node:crypto'
import type { Check } from '../../checks/define-check'
import { CHECKS } from '../../checks/registry'
import { log } from '../../console/log'
import { findServer, type Server, serverTarget } from '../../console/servers'
import { databaseAges } from '../../databases/reads/database-ages'
import { databases } from '../../databases/reads/databases'
import { type Ask, answerAsk, openAsks } from '../../findings/ask-look'
import { clusterOf } from '../../findings/cluster-of'
import { cadenceOf, dueAt, dueChecks, isOfServer, type LookRow, lastLooks } from '../../findings/due'
import { endGone } from '../../findings/end-gone'
import { holdServer, leaveServer } from '../../findings/hold-server'
import { type CheckLook, keepLook } from '../../findings/keep-look'
import { pastOf } from '../../history/past'
import { meetCluster } from '../../runs/meet-cluster'
import type { Problem } from '../../server/problem'
import { endLook, forgetReads, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'

/**
 * So many checks of a look run at once: enough to share the reads that several of them need, few enough that samples, which are taken
 * through the same connection, need not wait for all of them.
 */
const CHECKS_AT_ONCE = 4
/** How often it is looked which databases there are, ms: their sizes are read with their names, and cost. */
const DATABASES_EVERY_MS = 3_600_000

export interface Checker {
  /**
   * Looks at one server: first what somebody asks for, then whatever is due. Gives back when it is due next, in ms since the epoch; null:
   * another worker looks at it. Errors: throws what the console database says.
   */
  turn: (serverId: string) => Promise<number | null>
}

export interface CheckerOptions {
  checks?: readonly Check[]
  now?: () => number
  /** Only what is asked for. */
  onlyAsked?: boolean
  /** Whether a database of a server is looked at; for tests, which share servers. */
  visits?: (database: string) => boolean
}

/** Lets the checks look at servers, one look at a time on each, and keeps what they find. */
export function openChecker({ checks = CHECKS, now = Date.now, onlyAsked = false, visits = () => true }: CheckerOptions = {}): Checker {
  const holder = randomBytes(6).toString('hex')
  /** By server and cluster. */
  const listed = new Map<string, { at: number; names: string[] }>()

  /** One look. Gives back when something is due next, once nothing is now. `done`: what this turn has looked at, so that it comes to an end. */
  async function step(serverId: string, done: Set<string>): Promise<number | undefined> {
    const server = await findServer(serverId)
    if (!server) return Number.POSITIVE_INFINITY
    const [ask] = (await openAsks(serverId)).filter(({ askedAt, database }) => !done.has(`${database} ${askedAt.getTime()}`))
    const rows = await lastLooks(serverId, clusterOf(server))
    const place = ask?.database ?? (onlyAsked ? undefined : duePlace(server, rows))
    if (place === undefined) return onlyAsked ? Number.POSITIVE_INFINITY : nextDue(server, rows)
    if (ask) done.add(`${ask.database} ${ask.askedAt.getTime()}`)
    await lookAt(server, place, ask)
    if (ask) await answerAsk(ask)
    return undefined
  }

  const databasesOf = (server: Server): string[] => [...new Set([server.database, ...(listed.get(keyOf(server))?.names ?? [])])]

  /** The first database of which a check is due; '' for the server as a whole. */
  const duePlace = (server: Server, rows: LookRow[]): string | undefined =>
    ['', ...databasesOf(server)].find((database) => dueChecks(checks, database, rows, now()).length > 0)

  function nextDue(server: Server, rows: LookRow[]): number {
    const last = new Map(rows.map((row) => [`${row.check} ${row.database}`, row]))
    const moments = ['', ...databasesOf(server)].flatMap((database) =>
      checks
        .filter((check) => isOfServer(check) === (database === ''))
        .map((check) => dueAt(check, last.get(`${check.name} ${database}`), now())),
    )
    return Math.min(...moments)
  }

  /** Looks at one database, and at the server as a whole where that is asked for or due. */
  async function lookAt(asked: Server, database: string, ask: Ask | undefined): Promise<void> {
    const serverId = asked.id
    const target = await serverTarget(serverId)
    const met = target.ok ? await meetCluster(target.value) : target
    const server = (await findServer(serverId)) ?? asked
    const cluster = clusterOf(server)
    const rows = await lastLooks(serverId, cluster)
    const places = [...new Set(ask ? ['', database] : [database])].map((place) => ({
      place,
      due: ask?.all ? checks.filter((check) => isOfServer(check) === (place === '')) : dueChecks(checks, place, rows, now()),
    }))
    // Another cluster than the recorded one is looked at all the same: its findings are kept by themselves.
    const away = met.ok || met.problem.kind === 'another_cluster' ? null : met.problem
    const problem = target.ok ? away : target.problem
    if (!target.ok || problem) {
      for (const { place, due } of places)
        await keepLook(
          { serverId, cluster, database: place },
          due.map((check) => blind(check, problem as Problem)),
          new Date(now()),
        )
      return
    }
    // Nothing of a look is of another cluster than the one that it is kept under.
    const expected = isTold(server) ? { ...target.value, cluster: { systemIdentifier: cluster } } : target.value
    if (ask) forgetReads()
    await listDatabases(server, expected, ask !== undefined)
    // What several checks read is read once, even where that takes longer than answers are kept.
    const look = randomBytes(6).toString('hex')
    try {
      for (const { place, due } of places) {
        const looks = await lookWith(due, { ...expected, look, database: place === '' ? expected.database : place })
        await keepLook({ serverId, cluster, database: place }, looks, new Date(now()))
      }
    } finally {
      endLook(look)
    }
  }

  async function listDatabases(server: Server, target: Target, fresh: boolean): Promise<void> {
    const known = listed.get(keyOf(server))
    if (!fresh && known && now() - known.at < DATABASES_EVERY_MS && now() >= known.at) return
    const [found, all] = await Promise.all([runRead(target, databases, {}), runRead(target, databaseAges, {})])
    if (found.ok) listed.set(keyOf(server), { at: now(), names: found.value.map(({ datname }) => datname).filter(visits) })
    if (!all.ok) return
    const names = all.value.map(({ datname }) => datname)
    await endGone(server, names, new Date(now()))
  }

  /** Runs checks, a few at once, in their order. */
  async function lookWith(due: readonly Check[], target: Target): Promise<CheckLook[]> {
    const past = pastOf(target.serverId)
    const looks: CheckLook[] = []
    const waiting = [...due.entries()]
    const hand = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [at, check] = next
        if (!(await holdServer(target.serverId, holder))) throw new Error(`Another worker looks at the server ${target.serverId}`)
        looks[at] = await lookOf(check, () => check.look(target, past))
      }
    }
    await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, hand))
    return looks
  }

  return {
    turn: async (serverId) => {
      if (!(await holdServer(serverId, holder))) return null
      try {
        for (const done = new Set<string>(); ; ) {
          const next = await step(serverId, done)
          if (next !== undefined) return next
        }
      } finally {
        await leaveServer(serverId, holder)
      }
    },
  }
}

const keyOf = (server: Server): string => `${server.id} ${clusterOf(server)}`

const isTold = ({ unknownSince, ...server }: Server): boolean => unknownSince === null && clusterOf(server) !== ''

const blind = (check: Check, problem: Problem): CheckLook => ({
  ...{ check: check.name, cadence: cadenceOf(check), findings: [], problem, duration: 0 },
})

/** The worker's door: a bug in one check is told, and the others look. */
async function lookOf(check: Check, look: () => ReturnType<Check['look']>): Promise<CheckLook> {
  const started = performance.now()
  const duration = () => performance.now() - started
  try {
    const found = await look()
    if (!found.ok) return { ...blind(check, found.problem), duration: duration() }
    return { check: check.name, cadence: cadenceOf(check), findings: found.value, problem: null, duration: duration() }
  } catch (error) {
    const reference = randomBytes(4).toString('hex')
    log().error({ err: error, check: check.name, reference }, 'a fault in a check')
    const message = `A fault in Proctor kept this check from looking; its log has it under ${reference}.`
    return { ...blind(check, { kind: 'sql_error', message }), duration: duration() }
  }
}
