import { setTimeout as sleep } from 'node:timers/promises'
import { type Job, PgBoss } from 'pg-boss'
import { claimRun, dueRuns, openServers } from '../console/claim'
import { consoleUrl } from '../console/client'
import { log } from '../console/log'
import { ensureQueue, RUN_QUEUE, type RunJob } from '../console/run-queue'
import { isFinal } from '../console/run-states'
import type { Run } from '../console/run-types'
import { findRun, listRuns } from '../console/runs'
import { isNamedHere, serverTarget } from '../console/servers'
import { jobsPerServer } from '../console/turns'
import { WORKER_SESSIONS } from '../console/workers'
import { carryOut } from './carry-out'
import { endBeforeWork } from './finish'
import { isConnectionLost, patiently } from './patient'
import { reconcile } from './reconcile'
import { lockRun } from './run-lock'

/** How many servers this worker serves at the same time. */
const SERVERS_AT_ONCE = 8
const POLL_SECONDS = 1
/** A run that lost its job (a queue emptied by hand, attempts used up) waits no longer than this. */
const SWEEP_MS = 15_000
/** How long a stop waits for runs that are about to end. */
const STOP_GRACE_MS = 3_000

export interface Worker {
  /** Stops taking runs. What is going on at a server goes on there, and is found again by the next worker. */
  stop: () => Promise<void>
}

export interface WorkerOptions {
  /** After how long a wait a run is given up, whatever was confirmed; for tests. */
  giveUpMs?: number
  /**
   * A worker by itself: servers that only the settings of another machine name are left to the workers there. The one
   * that the launcher starts ends such runs, because nobody else would.
   */
  alone?: boolean
}

/** Starts the worker of this process: takes runs from the queue, and looks after those that an earlier worker left. */
export async function startWorker({ giveUpMs, alone = false }: WorkerOptions = {}): Promise<Worker> {
  const stopping = new AbortController()
  const busy = new Set<Promise<void>>()
  const boss = new PgBoss({
    connectionString: consoleUrl(),
    application_name: WORKER_SESSIONS,
    max: 4,
    useListenNotify: true,
    schedule: false,
    instanceName: 'worker',
    openTelemetry: { enabled: false },
  })
  boss.on('error', (error) => {
    if (!isConnectionLost(error)) log().error({ err: error }, 'queue') // a lost connection is tried again
  })
  await ensureQueue(boss)

  const serve = (serverId: string): Promise<void> => {
    const work = (async () => {
      if (alone && !(await isNamedHere(serverId))) {
        log().info({ server: serverId }, 'server left to other workers')
        throw new Elsewhere(serverId)
      }
      await serveServer(serverId, stopping.signal, giveUpMs)
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
  const sweeping = sweep(serve, stopping.signal)
  return {
    stop: async () => {
      await boss.offWork(RUN_QUEUE, { wait: false })
      await Promise.race([Promise.allSettled(busy), sleep(STOP_GRACE_MS, undefined, { ref: false })])
      stopping.abort()
      await Promise.allSettled([...busy, sweeping])
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

/**
 * First whatever is going on unattended at the server, then its queued runs until there are none, or as many are going
 * on as may: whoever carries those out takes the rest as well.
 */
async function serveServer(serverId: string, stopping: AbortSignal, giveUpMs?: number): Promise<void> {
  for (const { id } of await listRuns({ serverId, states: ['running', 'cancelling'] })) {
    await attend(id, stopping, goingOn, (run) => takeOver(run, stopping, giveUpMs))
  }
  while (!stopping.aborted && (await takeOne(serverId, stopping, giveUpMs)));
}

/** Carries out the first run that is due and that no other worker has; false when there is none. */
async function takeOne(serverId: string, stopping: AbortSignal, giveUpMs?: number): Promise<boolean> {
  const work = (run: Run) => carryOut(run, stopping, giveUpMs)
  for (const due of await dueRuns(serverId)) if (await attend(due, stopping, () => claimRun(serverId, due), work)) return true
  return false
}

const goingOn = async (id: string): Promise<Run | undefined> => {
  const run = await findRun(id)
  return run && run.state !== 'queued' && !isFinal(run.state) ? run : undefined
}

async function takeOver(run: Run, stopping: AbortSignal, giveUpMs?: number): Promise<void> {
  const target = await serverTarget(run.serverId, run.database)
  if (target.ok) await reconcile(run, target.value, stopping, { giveUpMs })
  else await endBeforeWork(run, { state: 'lost', problem: target.problem })
}

/**
 * The worker's door: takes a run's lock, looks at the run under it, works on it, and ends it when a bug throws. False
 * when another worker has it, or `look` finds nothing to do.
 */
async function attend(
  id: string,
  stopping: AbortSignal,
  look: (id: string) => Promise<Run | undefined>,
  work: (run: Run) => Promise<void>,
): Promise<boolean> {
  const lock = await lockRun(id)
  if (!lock) return false
  const run = await patiently(() => look(id))
  try {
    if (run) await noted(run, work)
  } catch (error) {
    if (!run || stopping.aborted) return false
    log().error({ err: error, run: id }, 'a fault in Proctor ended the run')
    const message = `A fault in Proctor: ${error instanceof Error ? error.message : String(error)}`
    await endBeforeWork(run, { state: 'failed', problem: { kind: 'sql_error', message } })
  } finally {
    await lock.release()
  }
  return run !== undefined
}

async function noted(run: Run, work: (run: Run) => Promise<void>): Promise<void> {
  const about = { run: run.id, server: run.serverId, command: run.command }
  log().info(about, 'run taken')
  await work(run)
  log().info(about, 'run left')
}

/** At the start and now and then: runs that nobody looks after, and queued ones without a job. */
async function sweep(serve: (serverId: string) => Promise<void>, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const servers = await openServers().catch((error) => {
      if (!isConnectionLost(error)) log().error({ err: error }, 'looking for runs')
      return []
    })
    for (const serverId of servers)
      serve(serverId).catch((error) => isElsewhere(error) || log().error({ err: error, server: serverId }, 'serving a server'))
    await sleep(SWEEP_MS, undefined, { signal: stopping }).catch(() => undefined)
  }
}
