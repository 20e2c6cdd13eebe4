import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { Client } from 'pg'
import { inject } from 'vitest'
import type { Major } from '../../db/embedded/binaries'
import { closePools } from '../../db/server/pool'
import type { Target } from '../../db/server/target'

/** A database of a test's own on a real server, and the ways to reach it. */
export interface TestDatabase {
  major: Major
  target: Target
  url: string
  /** A superuser's session. */
  client: Client
  /** One more session, for holding locks; ended by drop(). */
  connect: (user?: { user: string; password: string }) => Promise<Client>
  /** The target as another role sees it. */
  as: (user: string, password: string) => Target
  /**
   * A copy with the same OIDs, and without statistics. All sessions of the original end for it (`client` is then a new one),
   * prepared transactions must not be left.
   */
  copy: () => Promise<TestDatabase>
  drop: () => Promise<void>
}

/** A superuser's address of this worker's server of a major. */
export async function testServerUrl(major: Major): Promise<string> {
  const answer = await fetch(`${inject('testServers')}/${process.env.VITEST_POOL_ID}/${major}`)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.text()
}

/** Makes an empty database on the test server of a major, or on another server of it; or a copy of one in which nobody is. */
export async function testDatabase(major: Major, serverUrl?: string, template?: string): Promise<TestDatabase> {
  const server = new URL(serverUrl ?? (await testServerUrl(major)))
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const admin = new Client({ connectionString: server.href })
  admin.on('error', () => undefined) // a test may stop the server under it
  await admin.connect()
  // A copy file by file, as 14 makes every one, costs half of one that is written to WAL.
  await admin.query(`create database ${name}${template ? ` template ${template}` : ''}${major >= 15 ? ' strategy file_copy' : ''}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const target: Target = {
    serverId: name,
    host: server.hostname,
    port: Number(server.port),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    database: name,
  }
  const sessions: Client[] = []
  const connect: TestDatabase['connect'] = async (user) => {
    const address = new URL(url) // a connection string wins over options beside it
    if (user) Object.assign(address, { username: encodeURIComponent(user.user), password: encodeURIComponent(user.password) })
    const client = new Client({ connectionString: address.href })
    client.on('error', () => undefined) // drop() ends sessions from the other side
    await client.connect()
    sessions.push(client)
    return client
  }
  const as = (user: string, password: string): Target => ({ ...target, serverId: `${name}-${user}`, user, password })
  const leave = async () => {
    await closePools(target.serverId)
    await Promise.all(sessions.splice(0).map((client) => client.end().catch(() => undefined)))
  }
  const database: TestDatabase = {
    major,
    target,
    url: url.href,
    client: await connect(),
    connect,
    as,
    copy: async () => {
      await leave()
      await admin.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1', [name])
      const copied = await testDatabase(major, server.href, name)
      database.client = await connect()
      return copied
    },
    drop: async () => {
      await leave()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
  return database
}
