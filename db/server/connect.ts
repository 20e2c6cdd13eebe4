import { Client, type QueryConfig, types } from 'pg'
import { GuardedConnection } from './guarded-connection'
import { LinkFault, strangeTongue } from './link-fault'
import type { Target } from './target'

/** A server of PBKDF2 rounds without measure would keep this process busy; PostgreSQL's default is 4,096 (manual, scram_iterations). */
const MOST_SCRAM_ITERATIONS = 1_000_000

interface ConnectOptions {
  /** application_name: by what the server's own views know the session. */
  as: string
  /** How long the server may take to let us in, in ms. */
  timeoutMs: number
  /** How long any answer is waited for, in ms; left out: as long as it takes. A statement's own query_timeout goes before. */
  answerMs?: number
}

/** Of a value that is not what its type says, the statement fails; node-postgres would throw what no caller expects. */
const TYPES: Pick<typeof types, 'getTypeParser'> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    const parse = types.getTypeParser(oid, format)
    return (text: string) => {
      try {
        return parse(text)
      } catch (error) {
        throw strangeTongue(`A value that is not of the type ${oid}`, error)
      }
    }
  },
}

/**
 * The only place that makes a connection to a monitored server. It is not connected yet. Nothing is sent on it before its names are
 * pinned (pin.ts): by look.ts in a transaction, by session.ts for a session. Whatever happens to it ends what was asked on it, and
 * nothing else: with the server's DatabaseError, the system's error, or a LinkFault.
 */
export function makeClient(target: Target, { as, timeoutMs, answerMs }: ConnectOptions): Client {
  const { host, port, user, password, database, ssl = false } = target
  const connection = new GuardedConnection({ ssl, isLocal: host.startsWith('/') })
  const client = new Client({
    host,
    port,
    user,
    database,
    ssl,
    connection,
    application_name: as,
    enableChannelBinding: ssl !== false,
    scramMaxIterations: MOST_SCRAM_ITERATIONS,
    types: TYPES,
    // A function, so that no PGPASSWORD and no password file of the console's account goes to a server that was added without one.
    password: () => {
      if (password) return password
      throw new LinkFault('password_missing', `The server asks for the password of role "${user}", and none was given.`)
    },
  })
  client.on('error', (error) => connection.fail(error)) // without a listener a server that dies would take the process with it
  const [connect, query] = [client.connect as () => Promise<Client>, client.query as (...asked: unknown[]) => Promise<unknown>]
  client.connect = async () => {
    try {
      return await connection.answer(connect.call(client), timeoutMs)
    } catch (error) {
      if (error instanceof Error) connection.fail(error) // a server that refused may not hang up by itself
      throw error
    }
  }
  client.query = ((asked: string | QueryConfig, values?: unknown[]) => {
    const ms = (typeof asked === 'object' ? asked.query_timeout : undefined) ?? answerMs
    const own = typeof asked === 'object' ? { ...asked, query_timeout: undefined } : asked
    return connection.answer(query.call(client, own, values), ms)
  }) as Client['query']
  return client
}

/**
 * The pid that came with the first messages (BackendKeyData; manual, 54.2.1). A server tells its own; a pooler makes one up, as it
 * cannot know yet which session a cancel request would be for.
 */
export const announcedPid = (client: Client): number | null => (client as Client & { processID: number | null }).processID
