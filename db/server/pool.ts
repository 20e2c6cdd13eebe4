import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { makeClient } from './connect'
import { CONNECT_MS } from './connection-fault'
import { LinkFault } from './link-fault'
import type { Target } from './target'

/** Looking never holds more than this many connections to one server, over all its databases and both processes of a console. */
export const CONNECTIONS_PER_SERVER = 3
/** A connection that nothing used for this long is given back to the server. */
const IDLE_MS = 10_000
/** Nor is one kept for longer, however often it is used: an address may lead elsewhere by now, and an open connection would never tell. */
const OLDEST_MS = 60_000
/** Nobody waits longer for a server to say goodbye. */
const CLOSE_MS = 2_000
/** So much longer than its own time-out a statement is waited for: a server that is stopped, or cut off, says nothing at all. */
const SILENCE_MS = 5_000

/** How long a statement that only looks may take, unless its read says more. */
export const readTimeoutMs = (): number => Number(process.env.PROCTOR_READ_TIMEOUT || 2) * 1_000

/** When to give up waiting for a statement that the server ends itself after `timeoutMs`. */
export const giveUpMs = (timeoutMs: number): number => timeoutMs + SILENCE_MS

interface Connection {
  client: Client
  /** Whom it serves: the same role in the same database at the same address. */
  key: string
  /** By the monotonic clock, ms. */
  madeAt: number
  /** The server or the network ended it. */
  ended: boolean
  expiry?: NodeJS.Timeout
}

interface ServerPool {
  /** Lent, being made, or being closed. */
  busy: number
  idle: Connection[]
  waiting: { go: () => void; fail: (error: unknown) => void }[]
  /** Counts the calls of closePools: a connection that was lent before the last one is not kept. */
  closings: number
}

/** One set of pools a process; the development server reloads modules, so it hangs on globalThis. */
const shared = globalThis as { proctorConnections?: { servers: Map<string, ServerPool>; most: number } }
shared.proctorConnections ??= { servers: new Map(), most: CONNECTIONS_PER_SERVER }
const pools = shared.proctorConnections

/** This process's share of CONNECTIONS_PER_SERVER, where more than one looks at the servers. */
export function limitConnections(most: number): void {
  pools.most = most
}

function poolOf({ serverId }: Target): ServerPool {
  const found = pools.servers.get(serverId) ?? { busy: 0, idle: [], waiting: [], closings: 0 }
  pools.servers.set(serverId, found)
  return found
}

/**
 * Lends a connection for `work` and takes it back. When as many are lent as this process may have, the caller waits its
 * turn. Only look.ts borrows one: it pins what the session must not take from the server. A connection to another database of the server that nobody uses is closed first to make room. Never call it within
 * `work`: with one connection that would wait for itself. `fresh`: one that was made for this work alone, and is closed after it.
 * When the server does not answer at all, everybody who waits is told so at once.
 */
export async function withConnection<T>(
  target: Target,
  work: (client: Client) => Promise<T>,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<T> {
  const server = poolOf(target)
  while (server.busy >= pools.most) await new Promise<void>((go, fail) => server.waiting.push({ go, fail }))
  server.busy += 1
  const { closings } = server
  let lent: Connection | undefined
  let broken = fresh
  try {
    lent = await takeConnection(server, target, fresh)
    return await work(lent.client)
  } catch (error) {
    broken ||= isConnectionLost(error)
    if (isSilence(error)) for (const { fail } of server.waiting.splice(0)) fail(error)
    throw error
  } finally {
    const isUsable = lent && !lent.ended && !broken && closings === server.closings
    if (lent && isUsable && performance.now() - lent.madeAt < OLDEST_MS) keep(server, lent)
    else if (lent) await close(lent)
    giveBack(server)
  }
}

function giveBack(server: ServerPool): void {
  server.busy -= 1
  server.waiting.shift()?.go()
}

/** Resolves when the server has let go of it, so that nobody ever sees one connection too many; one that is silent is cut off. */
async function close({ client }: Connection): Promise<void> {
  const ended = client.end().then(
    () => true,
    () => true,
  )
  if (!(await Promise.race([ended, sleep(CLOSE_MS, false, { ref: false })]))) client.connection.stream.destroy()
}

const keyOf = ({ host, port, user, database }: Target): string => JSON.stringify([host, port, user, database])

const isSilence = (error: unknown): boolean => error instanceof LinkFault && error.fault === 'no_answer'

/** Whether an error says that its connection is of no use any more: ours, the server's (57P0x, class 08), or the system's. */
export const isConnectionLost = (error: unknown): boolean =>
  error instanceof LinkFault ||
  (error instanceof Error && 'code' in error && /^(57P0|25P0[34]|08|ECONNRESET$|EPIPE$)/.test(String(error.code)))

/** An idle connection to the same place, else a new one. Whoever takes it is counted as busy already. */
async function takeConnection(server: ServerPool, target: Target, fresh: boolean): Promise<Connection> {
  const key = keyOf(target)
  const own = fresh ? undefined : server.idle.findLast((kept) => kept.key === key)
  if (own) return unkept(server, own)
  while (server.busy + server.idle.length > pools.most && server.idle[0]) await close(unkept(server, server.idle[0]))
  const client = makeClient(target, { as: 'proctor', timeoutMs: CONNECT_MS, answerMs: giveUpMs(readTimeoutMs()) })
  const made: Connection = { client, key, madeAt: performance.now(), ended: false }
  const lost = () => {
    made.ended = true
    unkept(server, made)
  }
  client.on('error', lost).on('end', lost)
  await client.connect()
  return made
}

function keep(server: ServerPool, connection: Connection): void {
  server.idle.push(connection)
  connection.expiry = setTimeout(() => closeIdle(server, connection), IDLE_MS).unref()
}

function unkept(server: ServerPool, connection: Connection): Connection {
  clearTimeout(connection.expiry)
  const at = server.idle.indexOf(connection)
  if (at >= 0) server.idle.splice(at, 1)
  return connection
}

/** Its place is free only when it is closed. */
async function closeIdle(server: ServerPool, connection: Connection): Promise<void> {
  unkept(server, connection)
  server.busy += 1
  await close(connection)
  giveBack(server)
}

/**
 * Closes every connection to a server (or to all) once it is given back: at shutdown, and when a server's
 * address changes. Whoever waits for one gets a new one.
 */
export async function closePools(serverId?: string): Promise<void> {
  for (const [id, server] of pools.servers) {
    if (serverId !== undefined && id !== serverId) continue
    server.closings += 1
    if (server.busy === 0) pools.servers.delete(id)
    await Promise.all([...server.idle].map((kept) => closeIdle(server, kept)))
  }
}

/** Connections of this process by server, without those that runs hold. */
export const openConnections = (): { serverId: string; open: number; busy: number }[] =>
  [...pools.servers].map(([serverId, { busy, idle }]) => ({ serverId, open: busy + idle.length, busy }))
