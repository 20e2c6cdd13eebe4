import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Job, PgBoss } from 'pg-boss'
import { consoleUrl } from '../console/client'
import { chosenPools } from '../console/connection-budget'
import { consoleDoubt } from '../console/console-id'
import { forgetWorker } from '../console/evict'
import { log } from '../console/log'
import { isNamedHere } from '../console/servers'
import { WORKER_SESSIONS } from '../console/workers'
import { openServers } from '../runs/claim'
import { passes } from '../runs/patient'
import { ensureQueue, RUN_QUEUE, type RunJob } from '../runs/run-queue'
import { jobsPerServer } from '../runs/turns'
import { keepBeating } from './heartbeat'
import { keepPolicies } from './policies'
import { type Hands, serveServer } from './serve'
import { openWorkerSession } from './worker-session'

/** How many servers this worker serves at the same time. */
const SERVERS_AT_ONCE = 8
const POLL_SECONDS = 1
/** So long a statement of the queue is waited for, in ms; its connection is given up then. pg-boss hands it on to node-postgres. */
const PATIENCE = { query_timeout: 20_000 }
/** A run that lost its job (a queue emptied by hand, attempts used up, a clock set back) waits no longer than this. */
const SWEEP_MS = 15_000
/** How long a stop waits for runs that are about to end, and then for a console database that hangs. */
const STOP_GRACE_MS = 3_000

export interface Worker {
  /** Stops taking runs. What is going on at a server goes on there, and is found again by the next worker. */
  stop: () => Promise<void>
}

export interface WorkerOptions {
  /** After how long a wait a run is given up, whatever was confirmed; for tests. */
  giveUpMs?: number
  /** How often it shows that it lives, and after how long without that another is taken for asleep; for tests. */
  beatMs?: number
  asleepMs?: number
  /**
   * A worker by itself: servers that only the settings of another machine name are left to the workers there. The one
   * that the launcher starts ends such runs, because nobody else would.
   */
  alone?: boolean
}

/** Starts the worker of this process: takes runs from the queue, and looks after those that an earlier worker left. */
export async function startWorker({ giveUpMs, alone = false, beatMs, asleepMs }: WorkerOptions = {}): Promise<Worker> {
  const stopping = new AbortController()
  const id = randomBytes(6).toString('hex')
  const session = openWorkerSession(id)
  const hands: Hands = { id, session, holds: new Set(), stopping: stopping.signal, giveUpMs }
  const busy = new Set<Promise<void>>()
  const boss = new PgBoss({
    connectionString: consoleUrl(),
    application_name: WORKER_SESSIONS,
    max: chosenPools().queue,
    ...PATIENCE,
    useListenNotify: true,
    schedule: false,
    instanceName: 'worker',
    openTelemetry: { enabled: false },
  })
  boss.on('error', (error) => {
    if (!passes(error)) log().error({ err: error }, 'queue') // what passes is tried again
  })
  await ensureQueue(boss)

  const serve = (serverId: string): Promise<void> => {
    const work = (async () => {
      if (await consoleDoubt()) return // nobody knows yet whether the runs are this console's
      if (alone && !(await isNamedHere(serverId))) {
        log().info({ server: serverId }, 'server left to other workers')
        throw new Elsewhere(serverId)
      }
      await serveServer(serverId, hands)
    })().finally(() => busy.delete(work))
    busy.add(work)
    return work
  }
  await boss.work(
    RUN_QUEUE,
    {
      localConcurrency: SERVERS_AT_ONCE,
      groupConcurrency: jobsPerServer(),
      pollingIntervalSeconds: POLL_SECONDS,
      notifyPollingIntervalSeconds: 5,
    },
    async ([job]: Job<RunJob>[]) => {
      if (job) await serve(job.data.serverId)
    },
  )
  const look = () => lookForRuns(serve)
  const sweeping = sweep(look, stopping.signal)
  const policies = keepPolicies({ stopping: stopping.signal, alone })
  const beating = keepBeating({
    ...{ workerId: id, session, stopping: stopping.signal, beatMs, asleepMs },
    onWake: (ms) => {
      log().warn({ ms: Math.round(ms) }, 'this worker was asleep, or the clock was set')
      for (const hold of hands.holds) hold.log('info', `its worker was not there for ${Math.round(ms / 1000)} s`).catch(() => undefined)
    },
    onEvicted: look,
  })
  return {
    stop: async () => {
      await boss.offWork(RUN_QUEUE, { wait: false })
      await Promise.race([Promise.allSettled(busy), sleep(STOP_GRACE_MS, undefined, { ref: false })])
      stopping.abort()
      const left = Promise.allSettled([...busy, sweeping, policies, beating]).then(() => forgetWorker(id).catch(() => undefined))
      await Promise.race([left, sleep(STOP_GRACE_MS, undefined, { ref: false })])
      await session.close()
      await boss.stop({ graceful: false })
    },
  }
}

/** The job fails, and pg-boss gives it to another worker a second later. */
class Elsewhere extends Error {
  constructor(serverId: string) {
    super(`The settings of this worker do not name the server ${serverId}`)
  }
}

const isElsewhere = (error: unknown): boolean => error instanceof Elsewhere

/** At the start and now and then: runs that nobody looks after, and queued ones without a job. */
async function sweep(look: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await look()
    await sleep(SWEEP_MS, undefined, { signal: stopping }).catch(() => undefined)
  }
}

async function lookForRuns(serve: (serverId: string) => Promise<void>): Promise<void> {
  const servers = await openServers().catch((error) => {
    if (!passes(error)) log().error({ err: error }, 'looking for runs')
    return []
  })
  for (const serverId of servers)
    serve(serverId).catch(
      (error) => isElsewhere(error) || passes(error) || log().error({ err: error, server: serverId }, 'serving a server'),
    )
}
