import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { closeConsole } from '../db/console/client'
import { addServer } from '../db/console/server-changes'
import { closeQueue } from '../db/runs/run-queue'
import { isFinal } from '../db/runs/run-states'
import type { Run } from '../db/runs/run-types'
import { findRun, readRunLog } from '../db/runs/runs'
import { closePools } from '../db/server/pool'
import { DBA, planAndConfirm } from '../test/support/confirm-run'
import { testConsole } from '../test/support/test-console'
import { type TestDatabase, testDatabase } from '../test/support/test-database'

const SECRET = 'a secret that web and workers share'
const PASSWORD = 'one that no log may show'

/** A worker as `npm run worker` starts it where no console is: by the console database's address and the secret alone. */
interface Machine {
  child: ReturnType<typeof startWorker>
  ended: Promise<number | null>
  log: Record<string, unknown>[]
  /** The runs that it took. */
  taken: () => unknown[]
}

let home: TestDatabase
let servers: { id: string; db: TestDatabase; role: string }[] = []
const folders: string[] = []
let machines: Machine[] = []

beforeAll(async () => {
  home = await testConsole()
  Object.assign(process.env, { PROCTOR_CONSOLE_URL: home.url, PROCTOR_SECRET: SECRET })
  for (const major of [18, 14] as const) {
    const db = await testDatabase(major)
    const role = `dba_${db.target.database}`
    await db.client.query(`create role ${role} superuser login password '${PASSWORD}'`)
    const { host, port, database } = db.target
    const address = { host, port, database, user: role, password: PASSWORD, sslmode: 'disable' as const }
    const added = await addServer({ name: `number ${major}`, readOnly: false, address }, DBA)
    if (!added.ok) throw new Error(added.problem.message)
    servers.push({ id: added.value.id, db, role })
  }
})
afterEach(async () => {
  for (const { child } of machines) child.kill('SIGKILL')
  await Promise.all(machines.map(({ ended }) => ended))
  machines = []
})
afterAll(async () => {
  await closeQueue()
  await closePools()
  await closeConsole()
  for (const { db, role } of servers) {
    await db.client.query(`drop role ${role}`)
    await db.drop()
  }
  servers = []
  await home.drop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** Knows nothing but what is handed to it. */
const startWorker = (environment: Record<string, string>): ChildProcessByStdio<null, null, Readable> =>
  spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'worker.ts')], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })

async function startMachine(): Promise<Machine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-machine-'))
  folders.push(folder)
  const child = startWorker({
    PROCTOR_DATABASE_URL: home.url,
    PROCTOR_SECRET: SECRET,
    PROCTOR_DATA_DIR: folder,
    PROCTOR_LOG_LEVEL: 'info',
    PROCTOR_SAMPLING: 'off',
  })
  const log: Machine['log'] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    expect(line).not.toContain(PASSWORD)
    log.push(JSON.parse(line))
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const taken = () => log.filter(({ msg }) => msg === 'run taken').map(({ run }) => run)
  const machine = { child, ended, log, taken }
  machines.push(machine)
  await expect.poll(() => log.map(({ msg }) => msg)).toContain('worker started')
  return machine
}

async function makeTable(db: TestDatabase, name: string): Promise<void> {
  await db.client.query(`create table ${name} (id int, at int); insert into ${name} select i, i from generate_series(1, 1000) i;
    create index ${name}_id on ${name} (id); create index ${name}_at on ${name} (at)`)
}

/** Plans and confirms as the web process does, which has no part in what follows. */
async function confirmRebuild({ id, db }: (typeof servers)[number], index: string): Promise<string> {
  const { rows } = await db.client.query('select $1::regclass::oid as oid', [index])
  const run = await planAndConfirm({ ...db.target, serverId: id }, 'reindex-index', rows[0])
  return run.id
}

/** A transaction that every rebuild of a table has to wait for. */
async function hold(db: TestDatabase, table: string): Promise<() => Promise<unknown>> {
  const session = await db.connect()
  await session.query(`begin isolation level repeatable read; select * from ${table}`)
  return () => session.query('rollback')
}

const waits = (id: string) => expect.poll(async () => (await findRun(id))?.progress?.waitingFor.length).toBe(1)
const over = (id: string) => expect.poll(async () => isFinal((await findRun(id))?.state ?? 'queued')).toBe(true)
const logOf = async (id: string) => (await readRunLog(id)).map(({ message }) => message)
const sentOnce = async (id: string) => expect((await logOf(id)).filter((line) => line.startsWith('REINDEX INDEX'))).toHaveLength(1)

it('two workers on two machines share the runs: one at a server, one after the other, each carried out once', async () => {
  const [a, b] = servers as [(typeof servers)[number], (typeof servers)[number]]
  const [first, second] = [await startMachine(), await startMachine()]
  await makeTable(a.db, 'shared_1')
  await makeTable(a.db, 'shared_2')
  await makeTable(b.db, 'shared_3')
  const release = await hold(a.db, 'shared_1')
  const held = await confirmRebuild(a, 'shared_1_id')
  await waits(held)
  const busy = first.taken().includes(held) ? first : second
  const free = busy === first ? second : first
  busy.child.kill('SIGSTOP') // as a machine that hangs: its lock on the run is still there

  const waiting = [await confirmRebuild(a, 'shared_1_at'), await confirmRebuild(a, 'shared_2_id')]
  const elsewhere = await confirmRebuild(b, 'shared_3_id')
  await over(elsewhere)
  expect(free.taken()).toEqual([elsewhere])
  expect(await Promise.all(waiting.map(async (id) => (await findRun(id))?.state))).toEqual(['queued', 'queued'])

  busy.child.kill('SIGCONT')
  await release()
  const all = [held, ...waiting]
  for (const id of all) await over(id)
  const runs = (await Promise.all(all.map(findRun))) as Run[]
  expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  for (const [at, run] of runs.slice(1).entries()) {
    expect(Date.parse(run.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(runs[at]?.endedAt ?? ''))
  }
  for (const id of [...all, elsewhere]) await sentOnce(id)
  expect([...first.taken(), ...second.taken()].toSorted()).toEqual([...all, elsewhere].toSorted())
})

it('a worker that is killed with -9 is followed by the other one, which sends nothing again', async () => {
  const [a] = servers as [(typeof servers)[number]]
  const [first, second] = [await startMachine(), await startMachine()]
  await makeTable(a.db, 'taken_over')
  const release = await hold(a.db, 'taken_over')
  const id = await confirmRebuild(a, 'taken_over_id')
  await waits(id)
  const [busy, free] = first.taken().includes(id) ? [first, second] : [second, first]
  busy.child.kill('SIGKILL')
  await busy.ended
  await expect.poll(free.taken).toEqual([id])
  await expect.poll(async () => (await logOf(id)).some((line) => line.startsWith('found again'))).toBe(true)
  await release()
  await over(id)
  expect(await findRun(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
  await sentOnce(id)
  free.child.kill('SIGTERM')
  expect(await free.ended).toBe(0)
  expect(free.log.at(-1)).toMatchObject({ name: 'worker', msg: 'worker stopped' })
})

it('leaves the server that only another machine knows to the workers there', async () => {
  const [a] = servers as [(typeof servers)[number]]
  await home.client.query(`update server set source = 'environment' where id = $1`, [a.id])
  await makeTable(a.db, 'not_named')
  process.env.DATABASE_URL = a.db.url
  const id = await confirmRebuild(a, 'not_named_id')
  delete process.env.DATABASE_URL
  const stranger = await startMachine()
  await expect.poll(() => stranger.log.map(({ msg }) => msg)).toContain('server left to other workers')
  expect((await findRun(id))?.state).toBe('queued')
  expect(stranger.taken()).toEqual([])
})

it.each([
  [{}, /^PROCTOR_DATABASE_URL: .+\n$/],
  [{ PROCTOR_DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/proctor' }, /^PROCTOR_SECRET: .+\n$/],
  [{ PROCTOR_DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/proctor', PROCTOR_SECRET: SECRET }, /^PROCTOR_DATABASE_URL: .+\n$/],
])('ends with one sentence where it cannot find the console: %j', async (environment, sentence) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-machine-'))
  folders.push(folder)
  const child = startWorker({ PROCTOR_DATA_DIR: folder, ...environment })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
  expect(said).toMatch(sentence)
})
