import type { Client, QueryConfig, QueryResult } from 'pg'
import { announcedPid } from './connect'
import { beginPinned, type Settings } from './pin'
import { giveUpMs, isConnectionLost, readTimeoutMs, withConnection } from './pool'
import type { Target } from './target'

/** Nobody who looks queues behind a lock for longer; ARCHITECTURE: the console must never be the outage. */
const LOCK_TIMEOUT_MS = 200

interface LookOptions {
  /** statement_timeout of each statement, in ms; PROCTOR_READ_TIMEOUT when left out. */
  timeoutMs?: number
  /** More settings for the transaction; values are SQL. */
  settings?: Settings
  /** On a connection of its own, closed afterwards. */
  fresh?: boolean
  /** What was done stays: false rolls it back, though it only looked. */
  commit?: boolean
}

/** Sends one statement; without values by the simple protocol. */
export type Ask = (text: string, values?: unknown[], options?: { extended?: boolean }) => Promise<QueryResult>

/**
 * The only way to ask a monitored server something: in a read-only transaction whose names and formats are pinned, with
 * time-outs, on one of the few connections that looking may hold. `work` also gets the pid that the connection was told at its
 * start: another than pg_backend_pid() comes from a pooler. Throws what node-postgres throws.
 */
export function look<T>(target: Target, work: (ask: Ask, announced: number | null) => Promise<T>, options: LookOptions = {}): Promise<T> {
  const { timeoutMs = readTimeoutMs(), settings, fresh, commit = true } = options
  const limitMs = Math.trunc(timeoutMs)
  const limits = { statement_timeout: limitMs, lock_timeout: LOCK_TIMEOUT_MS }
  const within = async (client: Client): Promise<T> => {
    const ask: Ask = (text, values, { extended = false } = {}) => {
      const query: QueryConfig & { query_timeout: number; queryMode?: 'extended' } = {
        text,
        values: values ?? [],
        query_timeout: giveUpMs(limitMs),
        ...(extended && { queryMode: 'extended' }),
      }
      return client.query(query)
    }
    await client.query(beginPinned({ ...limits, ...settings }))
    try {
      const found = await work(ask, announcedPid(client))
      await client.query(commit ? 'commit /* proctor */' : 'rollback /* proctor */')
      return found
    } catch (error) {
      if (!isConnectionLost(error)) await client.query('rollback /* proctor */').catch(() => undefined)
      throw error
    }
  }
  return withConnection(target, within, { fresh })
}
