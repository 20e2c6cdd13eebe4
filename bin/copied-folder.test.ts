import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeConsole, consoleDb } from '../db/console/client'
import { consoleDoubt, consoleId } from '../db/console/console-id'
import { migrateConsole } from '../db/console/migrate'
import { samplingTurn } from '../db/console/schema-sampling'
import { addServer } from '../db/console/server-changes'
import { serverTarget } from '../db/console/servers'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closeQueue } from '../db/runs/run-queue'
import { isFinal } from '../db/runs/run-states'
import { findRun, readRunLog } from '../db/runs/runs'
import { closePools } from '../db/server/pool'
import { runMarker } from '../db/server/run-marker'
import { DBA, enrol, planAndConfirm } from '../test/support/confirm-run'
import { stopServer } from '../test/support/stopped-server'
import { type TestDatabase, testDatabase } from '../test/support/test-database'
import { CONSOLE_DATABASE, ensureDatabase } from './servers'

const secret = () => randomBytes(32).toString('base64url')
const KEPT = { console: secret(), sample: secret(), session: secret() }
const script = (name: string, ...args: string[]) => ['--import', './bin/modules.mjs', path.join(import.meta.dirname, name), ...args]

/** A data folder with its console database running, and a worker beside it that knows nothing but the folder. */
interface Place {
  folder: string
  cluster: Cluster
  url: string
  /** What the worker's log said. */
  said: string[]
}

describe.each([14, 18] as const)('a data folder that is copied while a run goes on at PostgreSQL %i', (major) => {
  let parent: string
  let server: TestDatabase
  let role: string
  const children: ChildProcess[] = []
  const clusters: Cluster[] = []
  beforeAll(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'proctor-copied-'))
    await chmod(parent, 0o755)
    server = await testDatabase(major)
    role = `dba_${server.target.database}`
    await server.client.query(`create role ${role} superuser login password 'x'; create table t (id int);
      insert into t select generate_series(1, 1000); create index t_id on t (id)`)
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await closeQueue()
    await closeConsole()
    await closePools()
    for (const cluster of clusters) await cluster.stop('immediate')
    await server.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`)
    await server.client.query(`drop owned by ${role}; drop role ${role}`)
    await server.drop()
    await rm(parent, { recursive: true, force: true })
  })

  async function open(name: string): Promise<Place> {
    const folder = path.join(parent, name)
    const options = {
      major: 18,
      folder: path.join(folder, 'console'),
      binariesCopy: path.join(parent, 'binaries'),
      password: KEPT.console,
    } as const
    const cluster = await startCluster({ ...options, port: await freePort() })
    clusters.push(cluster)
    return { folder, cluster, url: await ensureDatabase(cluster.url, CONSOLE_DATABASE), said: [] }
  }

  const environment = ({ folder }: Place): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    PROCTOR_DATA_DIR: folder,
  })

  function work(place: Place): void {
    const env = { ...environment(place), PROCTOR_LOG_LEVEL: 'info' }
    const child = spawn(process.execPath, script('worker.ts'), { env, stdio: ['ignore', 'ignore', 'pipe'] })
    children.push(child)
    createInterface({ input: child.stderr }).on('line', (line) => place.said.push(JSON.parse(line).msg))
  }

  /** Does something as the web process of a console. */
  async function at<T>({ url }: Place, does: () => Promise<T>): Promise<T> {
    if (process.env.PROCTOR_CONSOLE_URL !== url) {
      await closeQueue()
      await closeConsole()
      Object.assign(process.env, { PROCTOR_CONSOLE_URL: url, PROCTOR_SECRET: KEPT.session })
    }
    return does()
  }

  const sessions = async () => {
    const { rows } = await server.client.query(
      `select pid, application_name as name from pg_stat_activity where application_name like 'proctor run %'`,
    )
    return rows
  }

  it('is asked about, acts on nothing meanwhile, and once it is called a copy leaves the run to the original', async () => {
    const original = await open('original')
    await writeFile(path.join(original.folder, 'secrets.json'), JSON.stringify(KEPT), { mode: 0o600 })
    const run = await at(original, async () => {
      await migrateConsole(original.url)
      await enrol(DBA)
      const { host, port, database } = server.target
      const address = { host, port, database, user: role, password: 'x', sslmode: 'disable' as const }
      const added = await addServer({ name: 'shared', readOnly: false, address }, DBA)
      if (!added.ok) throw new Error(added.problem.message)
      const target = await serverTarget(added.value.id)
      if (!target.ok) throw new Error(target.problem.message)
      const { rows } = await server.client.query(`select 't_id'::regclass::oid as oid`)
      return planAndConfirm(target.value, 'reindex-index', rows[0])
    })
    const holder = await server.connect()
    await holder.query('begin isolation level repeatable read; select from t limit 1')
    work(original)
    await expect.poll(async () => (await at(original, () => findRun(run.id)))?.progress?.waitingFor.length).toBe(1)
    expect(original.said).toContain('worker started')
    const id = await at(original, () => consoleId())
    const [session] = await sessions()
    expect(session?.name).toBe(runMarker(run.id, id))

    const admin = new Client({ connectionString: original.url })
    await admin.connect()
    const goOn = await stopServer(admin)
    await promisify(execFile)('cp', ['-a', original.folder, path.join(parent, 'copy')])
    goOn()
    await admin.end()
    const copy = await open('copy')
    const [before, sampled] = await at(copy, () => Promise.all([readRunLog(run.id), consoleDb().$count(samplingTurn)]))
    work(copy)
    await expect.poll(() => copy.said).toContainEqual(expect.stringContaining('may be a copy'))
    expect(await at(copy, () => consoleDoubt())).toMatchObject({ because: [{ what: 'folder' }, { what: 'directory' }] })

    // The original works on beside it for a while; the copy has looked at nothing.
    const seen = (await at(original, () => findRun(run.id)))?.progress?.at ?? ''
    await expect
      .poll(async () => Date.parse((await at(original, () => findRun(run.id)))?.progress?.at ?? '') - Date.parse(seen))
      .toBeGreaterThan(2_000)
    expect(copy.said).not.toContain('worker started')
    expect(await at(copy, () => readRunLog(run.id))).toEqual(before)
    expect(await at(copy, () => consoleDb().$count(samplingTurn))).toBe(sampled)

    const answer = await promisify(execFile)(process.execPath, script('proctor.ts', 'copied'), { env: environment(copy) })
    expect(answer.stdout).toMatch(/^Copied: this is console [0-9a-f]{12} from now on\./)
    await expect.poll(() => copy.said).toContain('worker started')
    expect(await at(copy, () => consoleId())).not.toBe(id)
    expect(await at(copy, () => findRun(run.id))).toMatchObject({ state: 'lost', problem: { message: expect.stringContaining(id) } })
    expect(await sessions()).toEqual([session])

    await holder.query('rollback')
    await expect.poll(async () => isFinal((await at(original, () => findRun(run.id)))?.state ?? 'queued')).toBe(true)
    expect(await at(original, () => findRun(run.id))).toMatchObject({ state: 'succeeded', receipt: { leftovers: [] } })
    expect(await at(original, () => consoleId())).toBe(id)
    expect(await at(original, () => consoleDoubt())).toBeNull()
  })
})
