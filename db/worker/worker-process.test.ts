import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeConsole } from '../console/client'
import { migrateConsole } from '../console/migrate'
import { closeQueue } from '../console/run-queue'
import { isFinal } from '../console/run-states'
import { findRun, readRunLog } from '../console/runs'
import { registerServer } from '../console/servers'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import { closePools } from '../target/pool'
import { confirmRun } from './confirm'
import { planCommand } from './planner'
import { DBA } from './test-bench'

const CHECKOUT = path.resolve(import.meta.dirname, '../..')

describe('the worker as a process', () => {
  let home: TestDatabase
  let db: TestDatabase
  const children: ChildProcess[] = []

  beforeAll(async () => {
    home = await testDatabase(18)
    db = await testDatabase(18)
    await migrateConsole(home.url)
    process.env.PROCTOR_CONSOLE_URL = home.url
    process.env.DATABASE_URL = db.url
    await registerServer({ id: db.target.serverId, name: 'killed', source: 'environment', database: db.target.database })
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await closeQueue()
    await closeConsole()
    await closePools()
    await db.drop()
    await home.drop()
  })

  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(CHECKOUT, 'bin', 'worker.ts')], {
      cwd: CHECKOUT,
      env: { ...process.env, VITEST: undefined },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    return child
  }
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))
  const state = async (id: string) => (await findRun(id))?.state

  it('is killed with -9 in the middle of REINDEX CONCURRENTLY: the next one watches on, and nothing runs twice', async () => {
    await db.client.query('create table t (id int); insert into t select generate_series(1, 1000); create index t_id on t (id)')
    const holder = await db.connect()
    await holder.query('begin isolation level repeatable read; select * from t')
    const { rows } = await db.client.query(`select 't_id'::regclass::oid as oid`)
    const planned = await planCommand(db.target, 'reindex-index', rows[0])
    if (!planned.ok) throw new Error(planned.problem.message)
    const confirmed = { command: 'reindex-index', input: rows[0], sql: planned.value.plan.statements, phrase: 't_id', actor: DBA }
    const run = await confirmRun({ serverId: db.target.serverId, database: db.target.database, ...confirmed })
    if (!run.ok) throw new Error(run.problem.message)
    const { id } = run.value

    const first = start()
    await expect.poll(async () => (await findRun(id))?.progress?.waitingFor.length).toBe(1)
    first.kill('SIGKILL')
    await ended(first)
    const second = start()
    const log = async () => (await readRunLog(id)).map(({ message }) => message)
    await expect.poll(async () => (await log()).some((line) => line.startsWith('found again'))).toBe(true)
    expect(await state(id)).toBe('running')
    await holder.query('rollback')
    await expect.poll(async () => isFinal((await state(id)) ?? 'queued')).toBe(true)
    expect(await findRun(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
    expect((await log()).filter((line) => line.startsWith('REINDEX INDEX'))).toHaveLength(1)

    second.kill('SIGTERM')
    expect(await ended(second)).toBe(0)
  })

  it('is killed with -9 between two tries: the next one makes the next try, and nothing is lost', async () => {
    await db.client.query('create table held (id int)')
    const holder = await db.connect()
    await holder.query('begin; lock table held in row exclusive mode')
    const { rows } = await db.client.query(`select 'held'::regclass::oid as oid`)
    const input = { oid: rows[0].oid, full: true }
    const planned = await planCommand(db.target, 'vacuum-table', input)
    if (!planned.ok) throw new Error(planned.problem.message)
    const confirmed = { command: 'vacuum-table', input, sql: planned.value.plan.statements, phrase: 'held', actor: DBA }
    const run = await confirmRun({ serverId: db.target.serverId, database: db.target.database, ...confirmed })
    if (!run.ok) throw new Error(run.problem.message)
    const { id } = run.value

    const first = start()
    await expect.poll(async () => (await findRun(id))?.retry?.tries).toBeGreaterThan(0)
    await expect.poll(() => state(id)).toBe('queued') // with some seconds until the next try
    first.kill('SIGKILL')
    await ended(first)
    await holder.query('rollback')
    const second = start()
    await expect.poll(() => state(id), { timeout: 60_000 }).toBe('succeeded')
    second.kill('SIGTERM')
    expect(await ended(second)).toBe(0)
  })
})
