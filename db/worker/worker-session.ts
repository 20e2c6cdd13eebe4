import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type QueryResult, type QueryResultRow } from 'pg'
import { consoleUrl } from '../console/client'
import { RUN_LOCK } from '../console/evict'
import { log } from '../console/log'

/** Held by the worker that looks after a run; ends with its session, so with the worker however it dies. */
export interface RunLock {
  /** Called once when another worker has the run, as this session was away. */
  onLost: (lost: () => void) => void
  release: () => Promise<void>
}

/** The one session of a worker that holds the locks of all its runs, and by which it shows that it lives. */
export interface WorkerSession {
  /** Takes a run's lock; null when another worker has it, or this one already. Errors: what the console database says. */
  lock: (runId: string) => Promise<RunLock | null>
  query: <R extends QueryResultRow>(sql: string, values: unknown[]) => Promise<QueryResult<R>>
  close: () => Promise<void>
}

/** An answer that takes longer is of a dead connection, or of a console database that hangs: either way its locks are worth nothing. */
const ANSWER_MS = 10_000
const AGAIN_MS = 500

const TRY = /* sql */ `select /* proctor:run-lock */ pg_try_advisory_lock(${RUN_LOCK}) as locked`
const LET_GO = /* sql */ `select /* proctor:run-lock */ pg_advisory_unlock(${RUN_LOCK})`

/** Opens it when it is first asked for; when it ends, it is opened again and takes back what nobody else has taken. */
export function openWorkerSession(workerId: string): WorkerSession {
  const held = new Map<string, () => void>()
  const closing = new AbortController()
  let open: Promise<Client> | undefined

  const connect = async (): Promise<Client> => {
    const client = new Client({
      connectionString: consoleUrl(),
      application_name: `proctor worker ${workerId}`,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    })
    client.on('error', () => undefined) // 'end' follows
    await client.connect()
    for (const [runId, lost] of held) {
      const { rows } = await client.query<{ locked: boolean }>(TRY, [runId])
      if (!rows[0]?.locked) lost()
    }
    return client
  }

  /** The session that there is, or a new one. */
  const session = (): Promise<Client> => {
    if (open) return open
    const opening = connect()
    open = opening
    const gone = () => {
      if (open === opening) open = undefined
      if (held.size > 0) reopen()
    }
    opening.then((client) => client.once('end', gone), gone)
    return opening
  }

  /** Runs are going on: their locks are taken back as soon as they can be. */
  const reopen = async (): Promise<void> => {
    await sleep(AGAIN_MS, undefined, { signal: closing.signal }).catch(() => undefined)
    if (!closing.signal.aborted) session().catch((error) => log().debug({ err: error }, 'session of the worker'))
  }

  let last: Promise<unknown> = Promise.resolve()
  /** One after another: a client takes no second statement before the first is answered. */
  const query: WorkerSession['query'] = (sql, values) => {
    const turn = last.then(() => send<never>(sql, values))
    last = turn.catch(() => undefined)
    return turn
  }

  const send: WorkerSession['query'] = async (sql, values) => {
    const client = await session()
    try {
      return await client.query(sql, values)
    } catch (error) {
      // Whether it still holds its locks nobody knows: a new one asks.
      if (!(error instanceof Error && 'severity' in error)) client.connection.stream.destroy()
      throw error
    }
  }

  return {
    query,
    lock: async (runId) => {
      if (held.has(runId)) return null // the session would get it twice
      const lost = new AbortController()
      held.set(runId, () => lost.abort())
      const release = async () => {
        held.delete(runId)
        if (open) await query(LET_GO, [runId]).catch(() => undefined) // it has ended with its session then
      }
      try {
        const { rows } = await query<{ locked: boolean }>(TRY, [runId])
        if (rows[0]?.locked) return { release, onLost: (tell) => lost.signal.addEventListener('abort', tell, { once: true }) }
      } catch (error) {
        await release()
        throw error
      }
      held.delete(runId)
      return null
    },
    close: async () => {
      closing.abort()
      held.clear()
      await (await open?.catch(() => undefined))?.end().catch(() => undefined)
    },
  }
}
