import { Client, type QueryResult, type QueryResultRow } from 'pg'
import { limitAnswers } from '../console/console-pool'
import { SAMPLE_CHANNEL } from './statement-words'

/**
 * The one session through which a worker's sampling writes. It holds the advisory lock of each server that this worker
 * samples, and transactions go through it one after another: whoever has lost the locks can no longer write, so no delta is
 * counted twice, and no bucket is rolled up while rows for it are on their way.
 */
export interface ConsoleSession {
  /** Takes a server's lock; false while another worker samples it. */
  lock: (serverId: string) => Promise<boolean>
  unlock: (serverId: string) => Promise<void>
  /** Whose session has a server's lock; null: nobody's. */
  holder: (serverId: string) => Promise<Holder | null>
  /** Ends another's session, unless it has said something since; true: it is gone. */
  end: (holder: Holder) => Promise<boolean>
  /** Says something, so that nobody takes this session for a sleeper's. */
  beat: () => Promise<void>
  /** Runs statements in one transaction. Errors: throws what the console database says; the session's end is an error too. */
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>
  /** Resolves when the session has ended, from whichever side. */
  ended: Promise<void>
  close: () => Promise<void>
}

/** A session that has a server's lock. */
export interface Holder {
  pid: number
  /** When it was opened and when it last said something, by the console database's clock: to be compared, not reckoned with. */
  started: string
  said: string
  /** The console database works on what it said, so whoever is there waits for that. */
  isWorking: boolean
}

export type Query = <R extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]) => Promise<QueryResult<R>>

/** So long is waited for a session to be gone, with its locks, ms. */
const GONE_MS = 5_000

const HOLDER = /* sql */ `
select a.pid, a.backend_start::text as started, a.state_change::text as said, a.state = 'active' as "isWorking"
  from pg_stat_activity a`

/** A roll-up of a large history takes seconds; after so long the session is given up, and another is opened in its place. */
const ANSWER_MS = 120_000

const KEY = `hashtextextended('proctor sampling ' || $1, 0)`

/** Opens it. `onAsked` is called with a server's id when somebody asks for a sample now. Errors: throws when the console database cannot be reached. */
export async function openConsoleSession(url: string, onAsked: (serverId: string) => void, answerMs = ANSWER_MS): Promise<ConsoleSession> {
  const client = new Client({
    connectionString: url,
    application_name: 'proctor sampling',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined) // 'end' follows
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  limitAnswers(client, answerMs)
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
    holder: (serverId) =>
      inTurn(async () => {
        const { rows } = await query<Holder>(
          `${HOLDER} join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.granted and l.objsubid = 1
             and l.database = (select oid from pg_database where datname = current_database())
             and ((l.classid::int8 << 32) | l.objid::int8) = ${KEY}`,
          [serverId],
        )
        return rows[0] ?? null
      }),
    end: ({ pid, started, said }) =>
      inTurn(async () => {
        const { rows } = await query<{ ended: boolean }>(
          `select pg_terminate_backend(h.pid, ${GONE_MS}) as ended from (${HOLDER}) h where pid = $1 and started = $2 and said = $3 and not "isWorking"`,
          [pid, started, said],
        )
        return rows[0]?.ended ?? false
      }),
    beat: () => inTurn(async () => void (await query('select'))),
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
