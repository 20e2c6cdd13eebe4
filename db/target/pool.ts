import { Pool, type PoolClient } from 'pg'
import type { Target } from './target'

/** Reads never hold more than this many connections to one server, over all its databases. */
const CONNECTIONS_PER_SERVER = 3
/** A connection that nothing used for this long is given back to the server. */
const IDLE_MS = 10_000
const CONNECT_MS = 5_000

interface ServerPools {
  pools: Map<string, Pool>
  busy: number
  waiting: (() => void)[]
}

/** One set of pools a process; the development server reloads modules, so it hangs on globalThis. */
const shared = globalThis as { proctorPools?: Map<string, ServerPools> }
shared.proctorPools ??= new Map()
const servers = shared.proctorPools

const serverOf = (target: Target): ServerPools => {
  const found = servers.get(target.serverId) ?? { pools: new Map(), busy: 0, waiting: [] }
  servers.set(target.serverId, found)
  return found
}

/**
 * Lends a connection for `work` and takes it back. Over CONNECTIONS_PER_SERVER the caller waits its
 * turn; idle connections to other databases of the server are closed first to make room.
 */
export async function withConnection<T>(target: Target, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const server = serverOf(target)
  while (server.busy >= CONNECTIONS_PER_SERVER) await new Promise<void>((resolve) => server.waiting.push(resolve))
  server.busy += 1
  try {
    await makeRoom(server, target)
    const client = await poolFor(server, target).connect()
    let broken: unknown
    try {
      return await work(client)
    } catch (error) {
      broken = error
      throw error
    } finally {
      client.release(broken instanceof Error && isConnectionLost(broken))
    }
  } finally {
    server.busy -= 1
    server.waiting.shift()?.()
  }
}

const isConnectionLost = (error: Error): boolean =>
  /Connection terminated|ECONNRESET|EPIPE/.test(error.message) || ('code' in error && /^57P0|^08/.test(String(error.code)))

function poolFor(server: ServerPools, target: Target): Pool {
  const key = JSON.stringify([target.host, target.port, target.user, target.database])
  const found = server.pools.get(key)
  if (found) return found
  const { serverId: _, ...connection } = target
  const pool = new Pool({
    ...connection,
    max: CONNECTIONS_PER_SERVER,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'proctor',
  })
  pool.on('error', () => undefined) // an idle connection that the server closed; the next read reconnects
  // One that is lent has no listener but this: without it a server that dies takes the process with it.
  pool.on('connect', (client) => client.on('error', () => undefined))
  server.pools.set(key, pool)
  return pool
}

async function makeRoom(server: ServerPools, target: Target): Promise<void> {
  const own = poolFor(server, target)
  const open = [...server.pools.values()].reduce((sum, pool) => sum + pool.totalCount, 0)
  if (open < CONNECTIONS_PER_SERVER || own.idleCount > 0) return
  for (const [key, pool] of server.pools) {
    if (pool === own || pool.totalCount === 0 || pool.totalCount !== pool.idleCount) continue
    server.pools.delete(key)
    await pool.end()
    return
  }
}

/**
 * Closes every connection to a server (or to all) once it is given back: at shutdown, and when a server's
 * address changes. Whoever waits for one gets a new one.
 */
export async function closePools(serverId?: string): Promise<void> {
  for (const [id, server] of servers) {
    if (serverId !== undefined && id !== serverId) continue
    const pools = [...server.pools.values()]
    server.pools.clear()
    if (server.busy === 0) servers.delete(id)
    await Promise.all(pools.map((pool) => pool.end()))
  }
}

/** Connections of this process by server, without those that runs hold. */
export function openConnections(): { serverId: string; open: number; busy: number }[] {
  return [...servers].map(([serverId, { pools, busy }]) => {
    const open = [...pools.values()].reduce((sum, pool) => sum + pool.totalCount, 0)
    return { serverId, open, busy: Math.min(busy, open) }
  })
}
