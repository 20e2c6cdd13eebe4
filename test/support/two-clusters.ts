import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { Major } from '../../db/embedded/binaries'
import { type Cluster, startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'
import { type MovedAddress, moveableAddress } from './moved-address'

/** What changes a server, as the commands of Proctor say it; what it reads begins otherwise. */
const CHANGES =
  /\b(statement|execute [^:]*): *(\/\*.*?\*\/)? *(reindex|drop|create|alter|vacuum|analyze|cluster|refresh|select pg_(cancel|terminate))/i

/** One of two clusters that were made in the same way: what is in them has the same names, OIDs and file numbers. */
export interface Twin extends Cluster {
  /** A superuser's session of its own, past the address that moves. */
  client: Client
  /** What was sent to it since `forget`, and would have changed something; the test's own session is left out. */
  changes: () => Promise<string[]>
  forget: () => Promise<void>
}

export interface TwoClusters {
  a: Twin
  b: Twin
  address: MovedAddress
  /** Does the same in both. */
  both: (sql: string) => Promise<void>
  /** The address that moves; it leads to a at first. */
  url: string
  stop: () => Promise<void>
}

/** Two clusters of a major, and an address that leads to either. */
export async function twoClusters(major: Major): Promise<TwoClusters> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-two-'))
  await chmod(folder, 0o755)
  const [a, b] = [await startTwin(path.join(folder, 'a'), major), await startTwin(path.join(folder, 'b'), major)]
  const address = await moveableAddress(a.port)
  const url = new URL(a.url)
  url.port = String(address.port)
  return {
    a,
    b,
    address,
    both: async (sql) => {
      for (const { client } of [a, b]) await client.query(sql)
    },
    url: url.href,
    stop: async () => {
      await address.close()
      for (const twin of [a, b]) {
        await twin.client.end().catch(() => undefined)
        await twin.stop('immediate')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startTwin(folder: string, major: Major): Promise<Twin> {
  const settings = { fsync: 'off', max_connections: '30', log_statement: 'all', log_line_prefix: '[%a] ', autovacuum: 'off' }
  const cluster = await startCluster({ major, folder, port: await freePort(), password: 'test', settings })
  const client = new Client({ connectionString: cluster.url, application_name: 'the test' })
  client.on('error', () => undefined)
  await client.connect()
  const logged = async () => (await readFile(path.join(folder, 'server.log'), 'utf8')).split('\n')
  let from = 0
  return {
    ...cluster,
    client,
    changes: async () => (await logged()).slice(from).filter((line) => CHANGES.test(line) && !line.startsWith('[the test]')),
    forget: async () => {
      from = (await logged()).length - 1
    },
  }
}
