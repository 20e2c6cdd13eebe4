import { Client, type ClientBase, Pool, type PoolClient, type QueryConfig } from 'pg'
import { silence } from '../server/link-fault'

export interface PoolLimits {
  /** The most connections of this pool. */
  connections: number
  /** How long any answer is waited for, in ms. The server is told to give up a little earlier. */
  answerMs: number
}

/** How long a new connection, or one that is free, is waited for. */
const CONNECT_MS = 3_000
/** Between two looks whether a database that did not answer does so again. */
const PROBE_EVERY_MS = 1_000
/** An answer that is this late is none. */
const PROBE_MS = 2_000
/** So much earlier than we do the server gives up: what it says of a slow statement is more than that nothing came. */
const EARLIER_MS = 500

/**
 * The pool of connections to the console database. node-postgres leaves a client that did not answer busy for ever; here
 * such a connection is cut off and its place is free. Once the database has not answered, everybody is told
 * so at once, and one connection in turn asks whether it does again: nobody queues up meanwhile, and there is no burst after it.
 * Errors: what the database says; LinkFault no_answer.
 */
export function makeConsolePool(url: string, { connections, answerMs }: PoolLimits): Pool {
  const settings = { connectionString: url, application_name: 'proctor console', keepAlive: true }
  let silent: Error | undefined
  /** Counts the silences: a connection from before the last one may lead into the void. */
  let age = 0
  const ages = new WeakMap<PoolClient, number>()

  const fellSilent = (ms: number): Error => {
    const fault = silence(ms)
    age += 1
    if (!silent) untilItAnswers(settings, () => pool.ending).then(() => (silent = undefined))
    silent = fault
    return fault
  }

  const pool = new Pool({
    ...settings,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    onConnect: async (client) => {
      ages.set(client as PoolClient, age)
      client.on('error', () => undefined) // one within a transaction: its statement fails, not the process
      limitAnswers(client, answerMs, fellSilent)
      await client.query(
        `set statement_timeout = ${Math.max(answerMs - EARLIER_MS, 1)}; set idle_in_transaction_session_timeout = ${6 * answerMs}`,
      )
    },
  })
  pool.on('error', () => undefined) // an idle connection was lost; the next query makes a new one

  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>
  const lend = async (): Promise<PoolClient> => {
    for (;;) {
      if (silent) throw silent
      const client = await connect().catch((error: unknown) => {
        // Its other message, that no place became free in time, is no word about the database.
        throw error instanceof Error && error.message.includes('due to connection timeout') ? fellSilent(CONNECT_MS) : error
      })
      if (ages.get(client) === age) return client
      cut(client)
      client.release(true)
    }
  }
  pool.connect = lend as Pool['connect']
  pool.query = (async (asked: string | QueryConfig, values?: unknown[]) => {
    const client = await lend()
    try {
      return await client.query(asked as QueryConfig, values)
    } finally {
      client.release()
    }
  }) as Pool['query']
  return pool
}

/** After so long without an answer the connection is cut off, and with it whatever was asked on it. */
export function limitAnswers(client: ClientBase, ms: number, fellSilent: (ms: number) => Error = silence): void {
  const ask = client.query.bind(client) as (asked: string | QueryConfig, values?: unknown[]) => Promise<unknown>
  let fault: Error | undefined
  client.query = (async (asked: string | QueryConfig, values?: unknown[]) => {
    if (fault) throw fault
    const timer = setTimeout(() => {
      fault = fellSilent(ms)
      cut(client)
    }, ms)
    try {
      return await ask(asked, values)
    } catch (error) {
      throw fault ?? error
    } finally {
      clearTimeout(timer)
    }
  }) as ClientBase['query']
}

/** Of what a pool lends, node-postgres types the connection only for clients of one's own. */
const cut = (client: ClientBase): void => void (client as Client).connection.stream.destroy()

/** Asks on connections of its own, one after another, until one is answered. */
async function untilItAnswers(settings: { connectionString: string }, isOver: () => boolean): Promise<void> {
  while (!isOver() && !(await answers(settings))) await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS).unref())
}

async function answers(settings: { connectionString: string }): Promise<boolean> {
  const client = new Client({ ...settings, connectionTimeoutMillis: PROBE_MS })
  client.on('error', () => undefined)
  const timer = setTimeout(() => cut(client), PROBE_MS)
  try {
    await client.connect()
    await client.query('select /* proctor:answers */ 1')
    return true
  } catch {
    return false // whatever it says, it is no answer that anybody could work with
  } finally {
    clearTimeout(timer)
    client.end().catch(() => undefined)
  }
}
