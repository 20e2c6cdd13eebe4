import type { Client, QueryConfig, QueryResult } from 'pg'
import { expectCluster } from './cluster'
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

interface AskOptions {
  /** By the extended protocol even without values. */
  extended?: boolean
  /** Every value as the server wrote it, instead of as node-postgres reads its type. */
  asText?: boolean
}

const AS_TEXT = { getTypeParser: () => (value: unknown) => value }

/** Sends one statement; without values by the simple protocol. */
export type Ask = (text: string, values?: unknown[], options?: AskOptions) => Promise<QueryResult>

/**
 * The only way to ask a monitored server something: in a read-only transaction whose names and formats are pinned, with
 * time-outs, on one of the few connections that looking may hold. `work` also gets the pid that the connection was told at its
 * start: another than pg_backend_pid() comes from a pooler. Where the target says which cluster must answer, that is asked within the same
 * transaction, as a pooler may send the next one elsewhere. Throws what node-postgres throws, and AnotherCluster.
 */
export function look<T>(target: Target, work: (ask: Ask, announced: number | null) => Promise<T>, options: LookOptions = {}): Promise<T> {
  const { timeoutMs = readTimeoutMs(), settings, fresh, commit = true } = options
  const limitMs = Math.trunc(timeoutMs)
  const limits = { statement_timeout: limitMs, lock_timeout: LOCK_TIMEOUT_MS }
  const within = async (client: Client): Promise<T> => {
    const ask: Ask = (text, values, { extended = false, asText = false } = {}) => {
      const query: QueryConfig & { query_timeout: number; queryMode?: 'extended' } = {
        text,
        values: values ?? [],
        query_timeout: giveUpMs(limitMs),
        ...(extended && { queryMode: 'extended' }),
        ...(asText && { types: AS_TEXT }),
      }
      return client.query(query)
    }
    try {
      // A setting that this major has not leaves a transaction that failed; it, too, must not stay on the connection.
      const begin = beginPinned({ ...limits, ...settings })
      // In one message: asked each time, and no way there and back more. Names are looked up statement by statement, once they are pinned.
      const askWith = async (text: string) => lastOf(await client.query(`${begin}; ${text}`))
      if (target.cluster) await expectCluster(askWith, target.cluster, target.user)
      else await client.query(begin)
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

/** Of several statements in one message node-postgres gives the results as a list, which its types leave out. */
const lastOf = (results: QueryResult | QueryResult[]): QueryResult => {
  const last = [results].flat().at(-1)
  if (!last) throw new Error('A message of several statements gave no result')
  return last
}
