import { Client, type QueryResult, type QueryResultRow } from 'pg'
import { SAMPLE_CHANNEL } from '../../console/history/statement-words'

/**
 * The one session through which a worker's sampling writes. It holds the advisory lock of each server that this worker
 * samples, and transactions go through it one after another: whoever has lost the locks can no longer write, so no delta is
 * counted twice, and no bucket is rolled up while rows for it are on their way.
 */
export interface ConsoleSession {
  /** Takes a server's lock; false while another worker samples it. */
  lock: (serverId: string) => Promise<boolean>
  unlock: (serverId: string) => Promise<void>
  /** Runs statements in one transaction. Errors: throws what the console database says; the session's end is an error too. */
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>
  /** Resolves when the session has ended, from whichever side. */
  ended: Promise<void>
  close: () => Promise<void>
}

export type Query = <R extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]) => Promise<QueryResult<R>>

const KEY = `hashtextextended('proctor sampling ' || $1, 0)`

/** Opens it. `onAsked` is called with a server's id when somebody asks for a sample now. Errors: throws when the console database cannot be reached. */
export async function openConsoleSession(url: string, onAsked: (serverId: string) => void): Promise<ConsoleSession> {
  const client = new Client({
    connectionString: url,
    application_name: 'proctor sampling',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined) // 'end' follows
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  await client.connect()
  client.on('notification', ({ payload }) => payload && onAsked(payload))
  await client.query(`listen ${SAMPLE_CHANNEL}`)
  let last: Promise<unknown> = Promise.resolve()
  /** One after another; a failure of one is not the next one's. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  const query: Query = (sql, values) => client.query(sql, values)
  return {
    ended,
    lock: (serverId) =>
      inTurn(async () => {
        // A session may take an advisory lock twice and must then give it back twice: what is held is not taken again.
        const { rows } = await query<{ locked: boolean }>(
          `select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
                           and ((classid::int8 << 32) | objid::int8) = ${KEY}) or pg_try_advisory_lock(${KEY}) as locked`,
          [serverId],
        )
        return rows[0]?.locked ?? false
      }),
    unlock: (serverId) => inTurn(async () => void (await query(`select pg_advisory_unlock(${KEY})`, [serverId]))),
    transaction: (work) =>
      inTurn(async () => {
        await query('begin')
        try {
          const result = await work(query)
          await query('commit')
          return result
        } catch (error) {
          await query('rollback').catch(() => undefined)
          throw error
        }
      }),
    close: async () => {
      await last
      await client.end().catch(() => undefined)
    },
  }
}
