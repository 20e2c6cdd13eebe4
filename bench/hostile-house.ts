import { chmod, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { startConsoleOn } from '../e2e/start-console'
import { SETTINGS } from '../test/support/test-servers'
import { openBrowser } from './hostile-browser'
import { signIn } from './users-sessions'

export const MAJORS = [14, 18] as const
export type Watched = (typeof MAJORS)[number]

/** Put in the console's environment, so that they can be looked for where they must not be. */
export const SENTINELS = {
  PROCTOR_METRICS_TOKEN: 'metrics-token-of-the-bench-7d1f',
  AWS_SECRET_ACCESS_KEY: 'aws-key-of-the-bench-93ab',
  PGPASSWORD: 'libpq-password-of-the-bench-c04e',
}
Object.assign(process.env, SENTINELS)

/** The console as `npm start` makes it, with a healthy sample, beside servers of 14 and 18 whose users mean harm. */
export async function openHouse() {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-hostile-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const logFile = path.join(folder, 'console.log')
  const log = await open(logFile, 'a')
  const app = await startConsoleOn(
    {
      ...SENTINELS,
      PROCTOR_SAMPLE_SCALE: '0.1',
      PROCTOR_SAMPLING_ACTIVITY: '2',
      PROCTOR_SAMPLING_STATEMENTS: '10',
      PROCTOR_READ_TIMEOUT: '5',
      PROCTOR_TRUSTED_PROXIES: '127.0.0.1', // visitors come from addresses of their own
    },
    log.fd,
  )
  const people = await signIn(app.folder, 3)
  const [admin = '', operator = '', viewer = ''] = people.cookies
  const home = new Client({ connectionString: process.env.PROCTOR_CONSOLE_URL })
  await home.connect()
  await home.query(`update "user" set role = 'viewer' where id = 'bench-2'`)
  const browser = await openBrowser(people.origin)
  const clusters = new Map<Watched, Cluster>()
  for (const major of MAJORS) {
    const place = path.join(folder, String(major))
    clusters.set(major, await startCluster({ major, folder: place, port: await freePort(), password: 'bench', settings: SETTINGS }))
  }
  const sessions: Client[] = []
  const url = (major: Watched, database = 'postgres'): string =>
    Object.assign(new URL(clusters.get(major)?.url ?? ''), { pathname: `/${database}` }).href
  const connect = async (address: string): Promise<Client> => {
    const client = new Client({ connectionString: address })
    client.on('error', () => undefined)
    await client.connect()
    sessions.push(client)
    return client
  }
  const readLog = () => readFile(logFile, 'utf8')
  const watch = async (name: string, address: string, sslmode = 'disable'): Promise<string> => {
    const connection = { kind: 'address', address: `${address}?sslmode=${sslmode}` }
    const added = await browser.act<{ id: string }>('saveServer', [{ name, readOnly: false, connection }], admin)
    if (!added.ok) throw new Error(`${name} was not added: ${JSON.stringify(added.problem)}`)
    return added.value.id
  }
  const ids = { 14: await watch('Fourteen', url(14)), 18: await watch('Eighteen', url(18)) }
  return {
    ...browser,
    origin: people.origin,
    cookies: { admin, operator, viewer },
    /** The console database, as its owner. */
    home,
    folder: app.folder,
    url,
    connect,
    readLog,
    /** An empty database, and a superuser's session in it. */
    database: async (major: Watched, name: string): Promise<Client> => {
      const client = await connect(url(major))
      await client.query(`create database ${name}`)
      return connect(url(major, name))
    },
    /** Adds a server as an administrator does; its id. */
    watch,
    /** The servers of the two majors, watched as their superuser. */
    ids,
    serverLog: (major: Watched) => readFile(path.join(folder, String(major), 'server.log'), 'utf8'),
    /** When the healthy server was sampled last, ms since the epoch. */
    sampledAt: async (): Promise<number> => {
      const { rows } = await home.query<{ at: Date | null }>(`
        select max(t.at) as at from sampling_turn t join sampled_server s on s.no = t.server where s.server_id = 'sample' and t.problem is null`)
      return rows[0]?.at?.getTime() ?? 0
    },
    /** Processes that ended by themselves, by what the launcher said of them, and whether pages still come. */
    crashes: async (): Promise<number> => {
      const said = (await readLog()).match(/ended unexpectedly/g)?.length ?? 0
      const alive = await fetch(`${people.origin}/healthz`, { signal: AbortSignal.timeout(10_000) }).then(
        ({ ok }) => ok,
        () => false,
      )
      return said + (alive ? 0 : 1)
    },
    /** Resident memory of the web process and the worker together, in MB. */
    memory: async (): Promise<number> => {
      const all = await Promise.all((await processesOf(app.folder)).map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')))
      return all.reduce((sum, status) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024, 0)
    },
    /** Kills the worker, so that the launcher has to start it again. */
    killWorker: async (): Promise<void> => {
      for (const pid of await processesOf(app.folder, ['worker.ts'])) process.kill(pid, 'SIGKILL')
    },
    /** Stops the web process for so long, as one that computes would. */
    holdWeb: async (ms: number): Promise<void> => {
      const pids = await processesOf(app.folder, ['web.ts'])
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      await sleep(ms)
      for (const pid of pids) process.kill(pid, 'SIGCONT')
    },
    writeLog: (text: string) => log.appendFile(text),
    close: async (): Promise<void> => {
      await Promise.all(sessions.map((client) => client.end().catch(() => undefined)))
      await home.end().catch(() => undefined)
      await people.close()
      const hung = setTimeout(() => killAll(app.folder), HUNG_MS)
      await app.stop()
      clearTimeout(hung)
      await Promise.all([...clusters.values()].map((cluster) => cluster.stop('immediate')))
      await log.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** So long a console may take to end; one that hangs is killed, as the bench has told of it already. */
const HUNG_MS = 20_000

async function killAll(folder: string): Promise<void> {
  for (const pid of await processesOf(folder)) process.kill(pid, 'SIGKILL')
}

/** Process ids of web and worker of the console on a data folder. */
async function processesOf(folder: string, scripts = ['web.ts', 'worker.ts']): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const own = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [line, environment] = await Promise.all([read('cmdline'), read('environ')])
      return scripts.some((script) => line.includes(`bin/${script}`)) && environment.includes(`PROCTOR_DATA_DIR=${folder}`)
    }),
  )
  return pids.filter((_, at) => own[at])
}

export type House = Awaited<ReturnType<typeof openHouse>>
