import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { closeQueue } from '../db/console/run-queue'
import { registerServer } from '../db/console/servers'
import { type Cluster, type ClusterOptions, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'
import { targetFromUrl } from '../db/server/target-url'

const CHECKOUT = path.resolve(import.meta.dirname, '..')

const SERVER = 'faulty'

/** A server that can be stopped as one likes, and comes back on its port with its data. */
async function restartable(options: Omit<ClusterOptions, 'port'>) {
  const all = { ...options, port: await freePort() }
  let cluster: Cluster = await startCluster(all)
  let log = ''
  const readLog = () => readFile(path.join(options.folder, 'server.log'), 'utf8')
  return {
    url: cluster.url,
    /** `meanwhile` happens while it is down. */
    restart: async (mode: 'fast' | 'immediate', meanwhile: () => Promise<unknown>) => {
      await cluster.stop(mode)
      log += await readLog() // a start begins a new file
      await meanwhile()
      cluster = await startCluster(all)
    },
    log: async () => log + (await readLog()),
    stop: () => cluster.stop('immediate'),
  }
}

/** A console database and a monitored server of the bench's own, and worker processes as `npm run worker` starts them. */
export async function openHouse() {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-faults-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const common = { major: 18, password: 'bench' } as const
  const home = await restartable({ ...common, folder: path.join(folder, 'console'), settings: { fsync: 'off' } })
  // Its log is the witness of what was really sent.
  const settings = { fsync: 'off', log_statement: 'all', autovacuum: 'off' }
  const monitored = await restartable({ ...common, folder: path.join(folder, 'monitored'), settings })
  process.env.PROCTOR_CONSOLE_URL = home.url
  process.env.DATABASE_URL = monitored.url
  process.env.PROCTOR_SECRET = 'a secret for the bench that is long enough'
  await migrateConsole(home.url)
  await registerServer({ id: SERVER, name: SERVER, source: 'environment', database: 'postgres' })

  const workers = new Set<ChildProcess>()
  const sessions = new Set<Client>()
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: monitored.url })
    client.on('error', () => sessions.delete(client)) // a restart ends it
    await client.connect()
    sessions.add(client)
    return client
  }
  return {
    home,
    monitored,
    target: targetFromUrl(SERVER, monitored.url),
    connect,
    query: async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => {
      const client = await connect()
      const { rows } = await client.query<T>(sql, values)
      sessions.delete(client)
      await client.end()
      return rows
    },
    startWorker: (): void => {
      const child = spawn(process.execPath, ['--import', 'tsx', path.join(CHECKOUT, 'bin', 'worker.ts')], {
        cwd: CHECKOUT,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      workers.add(child)
      child.once('exit', () => workers.delete(child))
    },
    workers: () => workers.size,
    killWorkers: async (): Promise<void> => {
      const gone = [...workers].map((child) => new Promise((resolve) => child.once('exit', resolve)))
      for (const child of workers) child.kill('SIGKILL')
      await Promise.all(gone)
    },
    close: async (): Promise<void> => {
      for (const child of workers) child.kill('SIGKILL')
      for (const client of sessions) await client.end().catch(() => undefined)
      await closePools()
      await closeQueue().catch(() => undefined)
      await closeConsole().catch(() => undefined)
      await Promise.all([home.stop(), monitored.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type House = Awaited<ReturnType<typeof openHouse>>
