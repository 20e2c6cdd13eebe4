import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DBA, enrol, planAndConfirm } from '../../test/support/confirm-run'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { closeConsole } from '../console/client'
import { consoleId } from '../console/console-id'
import { migrateConsole } from '../console/migrate'
import { addServer } from '../console/server-changes'
import { serverTarget } from '../console/servers'
import { cancelRun } from '../runs/cancel'
import { planCommand } from '../runs/planner'
import { closeQueue } from '../runs/run-queue'
import { isFinal } from '../runs/run-states'
import type { Run } from '../runs/run-types'
import { findRun, readRunLog } from '../runs/runs'
import { closePools } from '../server/pool'
import { runMarker } from '../server/run-marker'
import { readActivity } from '../sessions/activity'

const CHECKOUT = path.resolve(import.meta.dirname, '../..')
const ROLE = 'two_consoles'

/** One of two consoles at a server: a database of its own, and a worker process of its own. */
class SomeConsole {
  id = ''
  serverId = ''
  worker: ChildProcess | undefined

  constructor(
    readonly home: TestDatabase,
    readonly server: TestDatabase,
  ) {}

  /** Does something as this console's web process. */
  async as<T>(work: () => Promise<T>): Promise<T> {
    if (process.env.PROCTOR_CONSOLE_URL !== this.home.url) {
      await closeQueue()
      await closeConsole()
      process.env.PROCTOR_CONSOLE_URL = this.home.url
    }
    return work()
  }

  setUp = () =>
    this.as(async () => {
      await migrateConsole(this.home.url)
      await enrol(DBA)
      const { host, port, database } = this.server.target
      const address = { host, port, database, user: ROLE, password: 'x', sslmode: 'disable' as const }
      const added = await addServer({ name: 'shared', readOnly: false, address }, DBA)
      if (!added.ok) throw new Error(added.problem.message)
      this.serverId = added.value.id
      this.id = await consoleId()
    })

  target = async () => {
    const target = await this.as(() => serverTarget(this.serverId))
    if (!target.ok) throw new Error(target.problem.message)
    return target.value
  }

  rebuild = async (index: string): Promise<Run> => {
    const target = await this.target()
    const { rows } = await this.server.client.query('select $1::regclass::oid as oid', [index])
    return this.as(() => planAndConfirm(target, 'reindex-index', rows[0]))
  }

  run = async (id: string): Promise<Run> => {
    const run = await this.as(() => findRun(id))
    if (!run) throw new Error(`There is no run ${id}`)
    return run
  }

  log = async (id: string) => (await this.as(() => readRunLog(id))).map(({ message }) => message)
  waits = (id: string) => expect.poll(async () => (await this.run(id)).progress?.waitingFor.length).toBe(1)
  over = async (id: string) => {
    await expect.poll(async () => isFinal((await this.run(id)).state)).toBe(true)
    return this.run(id)
  }

  work(): void {
    this.worker = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin', 'worker.ts')], {
      cwd: CHECKOUT,
      env: { ...process.env, VITEST: undefined, PROCTOR_CONSOLE_URL: this.home.url, PROCTOR_SAMPLING: 'off' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }

  async kill(): Promise<void> {
    const { worker } = this
    if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.kill('SIGKILL')
    await ended
  }
}

describe.each([14, 18] as const)('two consoles at one server, on PostgreSQL %i', (major) => {
  let server: TestDatabase
  let [ours, theirs] = [] as unknown as [SomeConsole, SomeConsole]
  beforeAll(async () => {
    server = await testDatabase(major)
    await server.client.query(`create role ${ROLE} superuser login password 'x'`)
    ours = new SomeConsole(await testDatabase(18), server)
    theirs = new SomeConsole(await testDatabase(18), server)
    for (const one of [ours, theirs]) await one.setUp()
    for (const table of ['a', 'b'])
      await server.client.query(`create table ${table} (id int); insert into ${table} select generate_series(1, 1000);
        create index ${table}_id on ${table} (id)`)
  })
  afterAll(async () => {
    for (const one of [ours, theirs]) await one.kill()
    await closeQueue()
    await closeConsole()
    await closePools()
    await server.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${ROLE}'`)
    await server.client.query(`drop owned by ${ROLE}; drop role ${ROLE}`)
    for (const one of [ours.home, theirs.home, server]) await one.drop()
  })

  /** The sessions of runs at the server, by marker. */
  const sessions = async (): Promise<Record<string, { pid: number; state: string }>> => {
    const { rows } = await server.client.query(
      `select application_name, pid, state from pg_stat_activity where application_name like 'proctor run %' order by 1`,
    )
    return Object.fromEntries(rows.map(({ application_name: name, pid, state }) => [name, { pid, state }]))
  }

  it('each looks after its own run of the same number, whatever becomes of the other', async () => {
    const holder = await server.connect()
    await holder.query('begin isolation level repeatable read; select from a, b limit 1')
    const [a, b] = [await ours.rebuild('a_id'), await theirs.rebuild('b_id')]
    expect(a.id).toBe(b.id)
    const [marker, other] = [runMarker(a.id, ours.id), runMarker(b.id, theirs.id)]
    ours.work()
    theirs.work()
    await ours.waits(a.id)
    await theirs.waits(b.id)
    const before = await sessions()
    expect(Object.keys(before).sort()).toEqual([marker, other].sort())

    // Each takes the other's for the work that it is.
    const activity = await readActivity(await theirs.target())
    if (!activity.ok) throw new Error(activity.problem.message)
    const seen = activity.value.sessions.filter(({ application_name: name }) => name === marker || name === other)
    expect(seen.find(({ pid }) => pid === before[marker]?.pid)).toMatchObject({ own: false, others_run: true })
    expect(seen.find(({ pid }) => pid === before[other]?.pid)?.own ?? true).toBe(true)
    const oid = (await server.client.query(`select 'a_id'::regclass::oid as oid`)).rows[0].oid
    const planned = await theirs.as(async () => planCommand(await theirs.target(), 'reindex-index', { oid }))
    if (!planned.ok) throw new Error(planned.problem.message)
    expect(planned.value.preflight.find(({ name }) => name === 'lock-holder')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining(marker),
    })

    // The worker of one dies in the midst: the other's adopts nothing.
    await ours.kill()
    const { at } = (await theirs.run(b.id)).progress ?? { at: '' }
    await expect.poll(async () => Date.parse((await theirs.run(b.id)).progress?.at ?? '') - Date.parse(at)).toBeGreaterThan(2_000)
    expect(await ours.run(a.id)).toMatchObject({ state: 'running' })
    expect((await theirs.log(b.id)).join()).not.toContain('found again')

    // A cancel ends the one run, and not its namesake.
    expect(await theirs.as(() => cancelRun(b.id, DBA))).toMatchObject({ ok: true })
    expect(await theirs.over(b.id)).toMatchObject({ state: 'cancelled' })
    await expect.poll(sessions).toEqual({ [marker]: before[marker] })
    expect(await ours.run(a.id)).toMatchObject({ state: 'running' })

    // The next worker finds the very session that was written down.
    ours.work()
    await expect.poll(async () => (await ours.log(a.id)).join()).toContain(`found again, pid ${before[marker]?.pid}`)
    await holder.query('rollback')
    expect(await ours.over(a.id)).toMatchObject({ state: 'succeeded', receipt: { leftovers: [] } })
    expect((await ours.log(a.id)).filter((line) => line.startsWith('REINDEX INDEX'))).toHaveLength(1)
    expect(await theirs.run(b.id)).toMatchObject({ state: 'cancelled' })
    await expect.poll(sessions).toEqual({})
  })
})
