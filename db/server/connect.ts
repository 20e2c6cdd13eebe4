import { Client } from 'pg'
import type { Target } from './target'

interface ConnectOptions {
  /** application_name: by what the server's own views know the session. */
  as: string
  /** How long the server may take to let us in, in ms. */
  timeoutMs: number
  /** How long any answer is waited for, in ms; left out: as long as it takes. */
  answerMs?: number
}

/**
 * The only place that makes a connection to a monitored server. It is not connected yet: whoever made it listens to `error` and
 * `end` first, as one that dies unheard would take the process with it. Nothing is sent on it before its names are pinned
 * (pin.ts): by look.ts in a transaction, by session.ts for a session.
 */
export function makeClient(target: Target, { as, timeoutMs, answerMs }: ConnectOptions): Client {
  const { serverId: _, ...address } = target
  return new Client({
    ...address,
    application_name: as,
    connectionTimeoutMillis: timeoutMs,
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
    keepAlive: true,
  })
}

/**
 * The pid that came with the first messages (BackendKeyData; manual, 54.2.1). A server tells its own; a pooler makes one up, as it
 * cannot know yet which session a cancel request would be for.
 */
export const announcedPid = (client: Client): number | null => (client as Client & { processID: number | null }).processID
