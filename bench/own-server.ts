import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { Major } from '../db/embedded/binaries'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // the server is stopped at the end, whoever is still connected
  await client.connect()
  return client
}

/** A server of a bench's own for as long as it is worked with. */
export async function withServer<T>(major: Major, settings: Record<string, string>, work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-bench-'))
  await chmod(folder, 0o755) // the account that the server runs as must get in
  const cluster = await startCluster({ major, folder: path.join(folder, 'server'), port: await freePort(), password: 'bench', settings })
  try {
    return await work(cluster.url)
  } finally {
    await closePools()
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
}

/** What autovacuum would know of the catalogs of a database that has stood for a while. */
export async function analyzeCatalogs(client: Client): Promise<void> {
  for (const table of ['pg_class', 'pg_index', 'pg_attribute', 'pg_constraint', 'pg_statistic', 'pg_depend'])
    await client.query(`vacuum analyze ${table}`)
}
