import { sql } from 'drizzle-orm'
import { fromDrizzle, PgBoss } from 'pg-boss'
import { consoleDb, consoleUrl } from '../console/client'
import type { ConsoleWriter } from '../console/writer'

/**
 * The queue of pg-boss. A job says "this server has one more run queued", not which: whoever takes it carries out
 * the oldest queued run of that server. So the order is that of the confirmations, whatever order jobs come in.
 */
export const RUN_QUEUE = 'run'

export interface RunJob {
  serverId: string
}

/** A worker that says nothing for so long is taken for dead, and its job is given to another. */
const HEARTBEAT_SECONDS = 30
/** pg-boss lets no job be active for longer than a day; a longer run is watched on by the job's next attempt. */
const EXPIRE_SECONDS = 24 * 3_600 - 60

const shared = globalThis as { proctorQueue?: { url: string; boss: Promise<PgBoss> } }

/** For whoever only sends: uses the console's own pool, polls nothing, starts no timers of pg-boss's housekeeping. */
function sender(): Promise<PgBoss> {
  const url = consoleUrl()
  if (shared.proctorQueue?.url !== url) {
    const pool = consoleDb().$client
    const boss = new PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      supervise: false,
      schedule: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
    })
    boss.on('error', () => undefined) // a failed send rejects where it was asked for
    shared.proctorQueue = { url, boss: ensureQueue(boss) }
    shared.proctorQueue.boss.catch(() => {
      shared.proctorQueue = undefined
    })
  }
  return shared.proctorQueue.boss
}

/** Resolves when announceRuns needs nothing but the caller's transaction. */
export const queueReady = async (): Promise<void> => void (await sender())

/** Starts pg-boss (which makes or updates its schema) and makes the queue where it is missing. */
export async function ensureQueue(boss: PgBoss): Promise<PgBoss> {
  await boss.start()
  await boss.createQueue(RUN_QUEUE, {
    notify: true,
    retryLimit: 10,
    retryDelay: 1,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deleteAfterSeconds: 24 * 3_600,
  })
  return boss
}

/**
 * Says that a server has `count` more runs queued; inside the caller's transaction. With `at` they are due then. Windows
 * need none: the worker's sweep looks, so that an opening that was changed meanwhile is not missed.
 */
export async function announceRuns(serverId: string, count: number, db: ConsoleWriter, at?: Date): Promise<void> {
  const boss = await sender()
  const job: RunJob = { serverId }
  const jobs = Array.from({ length: count }, () => ({ data: job, group: { id: serverId }, ...(at && { startAfter: at }) }))
  await boss.insert(RUN_QUEUE, jobs, { db: fromDrizzle(db, sql) })
}

/** Ends this process's sender; its connections are the console's. */
export async function closeQueue(): Promise<void> {
  const open = shared.proctorQueue
  shared.proctorQueue = undefined
  await (await open?.boss)?.stop({ graceful: false })
}
