import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Client } from 'pg'
import { closeConsole } from '../../db/console/client'
import { migrateConsole } from '../../db/console/migrate'
import type { Major } from '../../db/embedded/binaries'
import { closeQueue } from '../../db/runs/run-queue'
import { forgetFacts } from '../../db/server/facts'
import { closePools } from '../../db/server/pool'
import { forgetReads } from '../../db/server/run-read'
import { type Standby, startStandby } from '../../test/support/standby'
import { type Server, startServer } from './server'
import { startWire, type Wire } from './wire'

/** For the consoles: their WAL and a few databases. */
const SMALL_MB = 400

export const CHECKOUT = path.resolve(import.meta.dirname, '../..')

/** The role and the database that a console has on the server of consoles; no superuser, as on somebody's own server. */
export const CONSOLE_ROLE = 'proctor'

/** A console: its database, and what starts workers of it. */
export interface Console {
  database: string
  url: string
  /** A witness of what it has written, past any limit that the console itself meets. */
  query: <T extends object>(sql: string, values?: unknown[]) => Promise<T[]>
  startWorker: (environment?: Record<string, string>) => Worker
  workers: Set<Worker>
}

export interface Worker {
  pid: number
  kill: () => Promise<void>
  freeze: () => void
  thaw: () => void
}

/** One session of a witness, that is made anew when it is lost; one question after the other. */
export function witness(open: () => Promise<Client>): Console['query'] {
  let client: Promise<Client> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const ask = async <T extends object>(sql: string, values: unknown[]): Promise<T[]> => {
    client ??= open()
    try {
      return (await (await client).query<T>(sql, values)).rows
    } catch (error) {
      client = undefined
      throw error
    }
  }
  return <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => {
    const mine = turn.then(() => ask<T>(sql, values))
    turn = mine.catch(() => undefined)
    return mine
  }
}

/** Its log is the witness of what was really sent. */
const WITNESSED = { fsync: 'off', log_statement: 'all', autovacuum: 'off', max_connections: '150', log_line_prefix: '%m [%p] %q%a@%d ' }

/** A server of consoles, one console with its worker processes, and one monitored server with whatever else a fault asks for. */
export async function openHouse() {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-faults-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const log = await open(path.join(folder, 'workers.log'), 'a')
  const servers: Server[] = []
  const proxies: Wire[] = []
  const workers = new Set<Worker>()
  const startOne = async (name: string, settings: Record<string, string>, major: Major, own?: string): Promise<Server> => {
    const bin = own ? { own: { bin: own, extensions: [] } } : {}
    const server = await startServer({ major, folder: path.join(folder, name), binariesCopy: path.join(folder, 'bin'), settings, ...bin })
    servers.push(server)
    return server
  }
  let made = 0
  /** A streaming standby of a monitored server, and what is done to it. */
  const newStandby = async (primary: Server, major: Major = 18): Promise<{ server: Server; standby: Standby }> => {
    let standby: Standby | undefined
    const options = { major, folder: path.join(folder, `standby-${++made}`), binariesCopy: path.join(folder, 'bin'), settings: WITNESSED }
    const server = await startServer(options, async (all) => {
      standby = await startStandby(primary.cluster(), all)
      return standby
    })
    servers.push(server)
    if (!standby) throw new Error('No standby')
    return { server, standby }
  }
  /** A monitored server with nothing in it. */
  const newServer = (major: Major = 18, settings: Record<string, string> = {}): Promise<Server> =>
    startOne(`server-${++made}`, { ...WITNESSED, ...settings }, major)
  const smallDisk = mountSmall(path.join(folder, 'consoles'))
  const home = await startOne('consoles', { fsync: 'off', max_connections: '150', max_wal_size: '64MB', min_wal_size: '32MB' }, 18)
  await home.query('postgres', `create role ${CONSOLE_ROLE} login password 'bench'`)
  const monitored = await newServer()
  process.env.PROCTOR_SECRET = 'a secret for the bench that is long enough'
  process.env.PROCTOR_DATA_DIR = folder

  const spawnWorker = (url: string, own: Set<Worker>, environment: Record<string, string>): Worker => {
    const env = { ...process.env, PROCTOR_CONSOLE_URL: url, PROCTOR_SAMPLING: 'off', ...environment }
    const child: ChildProcess = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin', 'worker.ts')], {
      cwd: CHECKOUT,
      env,
      stdio: ['ignore', log.fd, log.fd],
    })
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const worker: Worker = {
      pid: child.pid ?? 0,
      kill: async () => {
        child.kill('SIGKILL')
        await gone
      },
      freeze: () => void child.kill('SIGSTOP'),
      thaw: () => void child.kill('SIGCONT'),
    }
    own.add(worker)
    workers.add(worker)
    gone.then(() => own.delete(worker) && workers.delete(worker))
    return worker
  }
  /** Another console on the same server of consoles. */
  const newConsole = async (database: string): Promise<Console> => {
    await home.query('postgres', `create database ${database} owner ${CONSOLE_ROLE}`)
    const url = home.url(database, CONSOLE_ROLE)
    await migrateConsole(url)
    const own = new Set<Worker>()
    return {
      database,
      url,
      query: witness(() => home.connect(database)),
      startWorker: (environment = {}) => spawnWorker(url, own, environment),
      workers: own,
    }
  }
  let turn: Promise<unknown> = Promise.resolve()
  const main = await newConsole('proctor')
  process.env.PROCTOR_CONSOLE_URL = main.url
  return {
    folder,
    /** Whether the consoles have a disk of their own that can be filled. */
    smallDisk,
    home,
    monitored,
    main,
    newServer,
    newStandby,
    newConsole,
    startOne,
    address: async (server: Server): Promise<Wire> => {
      const proxy = await startWire(server.port)
      proxies.push(proxy)
      return proxy
    },
    /** What the process of the bench does in it, it does as that console; one after the other, and never one within another. */
    as: <T>({ url }: Console, work: () => Promise<T>): Promise<T> => {
      const mine = turn.then(() => actAs(url, work))
      turn = mine.catch(() => undefined)
      return mine
    },
    killWorkers: async (): Promise<void> => {
      for (const worker of workers) worker.thaw()
      await Promise.all([...workers].map((worker) => worker.kill()))
    },
    workerLog: () => readFile(path.join(folder, 'workers.log'), 'utf8'),
    close: async (): Promise<void> => {
      await Promise.all([...workers].map((worker) => worker.kill()))
      await leaveConsole()
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await Promise.all(servers.map((server) => server.stop().catch(() => undefined)))
      await log.close()
      if (smallDisk) spawnSync('umount', [path.join(folder, 'consoles')], { stdio: 'ignore' })
      if (!process.env.PROCTOR_BENCH_KEEP) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A disk in memory, where we are root; its size in MB. */
export function mountSmall(folder: string, megabytes = SMALL_MB): boolean {
  mkdirSync(folder, { recursive: true })
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder], { stdio: 'ignore' }).status === 0
}

async function actAs<T>(url: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.PROCTOR_CONSOLE_URL
  if (before === url) return work()
  await leaveConsole()
  process.env.PROCTOR_CONSOLE_URL = url
  try {
    return await work()
  } finally {
    await leaveConsole()
    process.env.PROCTOR_CONSOLE_URL = before
  }
}

/** Ends whatever this process keeps of one console. */
async function leaveConsole(): Promise<void> {
  await closeQueue().catch(() => undefined)
  await closePools()
  await closeConsole().catch(() => undefined)
  forgetFacts()
  forgetReads()
}

export type House = Awaited<ReturnType<typeof openHouse>>
