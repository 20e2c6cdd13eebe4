import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { type Cluster, type ClusterOptions, startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'

const CONNECT_MS = 5_000

/** A PostgreSQL server of the bench's own that can be stopped as one likes, and comes back on its port with its data. */
export interface Server {
  port: number
  dataDir: string
  /** As it runs now. */
  cluster: () => Cluster
  url: (database?: string, user?: string, password?: string) => string
  /** One statement as a superuser, on a connection of its own. */
  query: <T extends object>(database: string, sql: string, values?: unknown[]) => Promise<T[]>
  /** A superuser's session that stays. */
  connect: (database: string) => Promise<Client>
  /** Stops it; `meanwhile` happens while it is down. */
  restart: (mode: 'fast' | 'immediate', meanwhile: () => Promise<unknown>) => Promise<void>
  /** SIGSTOP and SIGCONT for the postmaster and all of its processes. */
  freeze: () => Promise<void>
  thaw: () => Promise<void>
  /** All that it has said since its first start. */
  log: () => Promise<string>
  /** Restarts it with variables of the environment, which its own start takes none of, by a program of that name in a folder of its own. */
  under: (environment: Record<string, string>, bin: string) => Promise<void>
  /** Starts it anew where it ended by itself. */
  revive: () => Promise<void>
  stop: () => Promise<void>
}

export const PASSWORD = 'bench'

/** `first` starts it for the first time, where that is not making a new cluster. */
export async function startServer(
  options: Omit<ClusterOptions, 'port' | 'password'>,
  first: (options: ClusterOptions) => Promise<Cluster> = startCluster,
): Promise<Server> {
  const all = { ...options, port: await freePort(), password: PASSWORD }
  let cluster: Cluster = await first(all)
  let log = ''
  let up = true
  const noteEnd = () => {
    const mine = cluster
    mine.ended.then(() => {
      if (cluster === mine) up = false
    })
  }
  noteEnd()
  const readLog = () => readFile(path.join(options.folder, 'server.log'), 'utf8')
  const sessions = new Set<Client>()
  const url: Server['url'] = (database = 'postgres', user = 'postgres', password = all.password) =>
    `postgresql://${user}:${password}@127.0.0.1:${all.port}/${database}`
  const open = async (database: string): Promise<Client> => {
    const client = new Client({ connectionString: url(database), application_name: 'bench', connectionTimeoutMillis: CONNECT_MS })
    client.on('error', () => sessions.delete(client)) // a restart ends it
    await client.connect()
    return client
  }
  const start = async (own?: ClusterOptions['own']) => {
    log += await readLog() // a start begins a new file
    cluster = await startCluster(own ? { ...all, own } : all)
    up = true
    noteEnd()
  }
  const signal = async (name: NodeJS.Signals) => {
    for (const pid of [cluster.pid, ...(await childrenOf(cluster.pid))]) process.kill(pid, name)
  }
  return {
    port: all.port,
    dataDir: cluster.dataDir,
    cluster: () => cluster,
    url,
    query: async <T extends object>(database: string, sql: string, values: unknown[] = []): Promise<T[]> => {
      const client = await open(database)
      try {
        return (await client.query<T>(sql, values)).rows
      } finally {
        await client.end().catch(() => undefined)
      }
    },
    connect: async (database) => {
      const client = await open(database)
      sessions.add(client)
      return client
    },
    restart: async (mode, meanwhile) => {
      await cluster.stop(mode)
      await meanwhile()
      await start()
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    log: async () => log + (await readLog()),
    under: async (environment, bin) => {
      const [real] = (await readFile(`/proc/${cluster.pid}/cmdline`, 'utf8')).split('\0')
      const words = Object.entries(environment).map(([name, value]) => `${name}='${value}'`)
      await writeFile(path.join(bin, 'postgres'), `#!/bin/sh\nexport ${words.join(' ')}\nexec '${real}' "$@"\n`, { mode: 0o755 })
      await writeFile(path.join(bin, 'initdb'), `#!/bin/sh\nexec '${path.join(path.dirname(real ?? ''), 'initdb')}' "$@"\n`, {
        mode: 0o755,
      })
      await cluster.stop('fast')
      await start({ bin, extensions: [] })
    },
    revive: async () => {
      if (!up) await start()
    },
    stop: async () => {
      for (const client of sessions) await client.end().catch(() => undefined)
      await signal('SIGCONT').catch(() => undefined)
      await cluster.stop('immediate')
    },
  }
}

/** Process ids of the children of a process. */
export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return pids.filter((_, at) => Number(/\) \S (\d+)/.exec(stats[at] ?? '')?.[1]) === parent)
}
