import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DBA, planAndConfirm } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { registerServer } from '../console/servers'
import { freePort } from '../embedded/free-port'
import { PAUSES } from '../embedded/keep'
import { type KeptCluster, keepRunning } from '../embedded/keep-running'
import { confirmRuns } from '../runs/confirm'
import { planCommand } from '../runs/planner'
import { findRun, moveRun } from '../runs/runs'
import { besideData } from '../server/postmaster'
import type { Target } from '../server/target'
import { targetFromUrl } from '../server/target-url'

describe.each([14, 18] as const)('restarting the sample on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const children: ChildProcess[] = []
  let folder: string
  let kept: KeptCluster
  let sample: Target
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-restart-'))
    await chmod(folder, 0o755)
    const place = { folder: path.join(folder, 'sample'), port: await freePort() }
    const options = { major, ...place, password: 'test', settings: { fsync: 'off', max_connections: '60' } }
    const pauses = { ...PAUSES, longest: PAUSES.first } // it is restarted more often here than anybody would
    kept = await keepRunning(options, { say: () => undefined, pauses })
    process.env.PROCTOR_SAMPLE_URL = kept.url
    sample = targetFromUrl('sample', kept.url)
    await registerServer({ id: 'sample', name: 'sample', source: 'embedded', database: 'postgres' })
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    delete process.env.PROCTOR_SAMPLE_URL
    await kept.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  async function ask<T = string>(sql: string): Promise<T> {
    const client = new Client({ connectionString: kept.url, application_name: 'psql' })
    client.on('error', () => undefined)
    await client.connect()
    const { rows } = await client.query(sql)
    await client.end()
    return Object.values(rows[0] ?? {})[0] as T
  }
  /** Written, reloaded, and waiting. */
  async function waits(name: string, value: string): Promise<void> {
    await ask(`alter system set ${name} = '${value}'`)
    await ask('select pg_reload_conf()')
    await expect.poll(() => ask<boolean>(`select pending_restart from pg_settings where name = '${name}'`)).toBe(true)
  }
  const plan = async () => {
    const planned = await planCommand(sample, 'restart-server', {})
    if (!planned.ok) throw new Error(planned.problem.message)
    return planned.value
  }
  const restart = () => planAndConfirm(sample, 'restart-server', {})
  const check = async (name: string) => (await plan()).preflight.find((line) => line.name === name)

  it('brings the settings that wait for it, and the receipt says which took', async () => {
    await waits('max_connections', '70')
    const psql = new Client({ connectionString: kept.url, application_name: 'psql' })
    psql.on('error', () => undefined)
    await psql.connect()
    // What asked before may take a moment to leave.
    const others = `select count(*)::int from pg_stat_activity where application_name = 'psql' and pid <> pg_backend_pid()`
    await expect.poll(async () => (await psql.query(others)).rows[0].count).toBe(0)
    await psql.query('begin; select 1')
    const { preflight, plan: shown } = await plan()
    expect(preflight.find(({ name }) => name === 'pending')).toMatchObject({ status: 'pass', detail: 'max_connections: 60 → 70' })
    expect(preflight.find(({ name }) => name === 'sessions')).toMatchObject({
      status: 'warn',
      title: 'One session is cut',
      detail: '1 of psql as postgres. 1 in a transaction, which is rolled back.',
    })
    expect(shown.statements.at(-1)).toContain('; max_connections 60 → 70')
    const before = await ask(`select pg_postmaster_start_time()::text`)
    await bench.startWorker()
    const run = await bench.over((await restart()).id)
    await psql.end().catch(() => undefined)
    expect(run).toMatchObject({
      state: 'succeeded',
      problem: null,
      receipt: {
        checkedAfter: 'restarted, 1 of 1 settings took effect',
        restart: { settings: [{ name: 'max_connections', was: '60', wanted: '70', is: '70', took: true }] },
      },
    })
    const { startedBefore = '', startedAfter } = run.receipt?.restart ?? {}
    expect(Date.parse(startedAfter ?? '')).toBeGreaterThan(Date.parse(startedBefore))
    expect(await ask(`select pg_postmaster_start_time()::text`)).not.toBe(before)
    expect(await ask('show max_connections')).toBe('70')
    expect(run.progress?.phases.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['Preflight', 'Checkpoint', 'Shut down', 'Start', 'Read back'].map((name) => `${name} done`),
    )
  })

  it('fails in the words of the server where it does not start with them, and leaves it running with the former ones', async () => {
    await waits('superuser_reserved_connections', '65')
    await waits('max_connections', '64')
    await bench.startWorker()
    const run = await bench.over((await restart()).id)
    expect(run).toMatchObject({
      state: 'failed',
      problem: {
        kind: 'sql_error',
        message: expect.stringContaining('superuser_reserved_connections'),
        hint: expect.stringContaining('reverted'),
      },
      receipt: { checkedAfter: 'restarted, with the settings of the last good start', notices: [expect.any(String)] },
    })
    expect(run.receipt?.restart?.settings.map(({ name, is, took }) => ({ name, is, took }))).toEqual([
      { name: 'max_connections', is: '70', took: false },
      { name: 'superuser_reserved_connections', is: '3', took: false },
    ])
    expect(await readFile(path.join(kept.dataDir, 'postgresql.auto.conf.refused'), 'utf8')).toContain('superuser_reserved_connections')
    expect(await check('pending')).toMatchObject({ title: 'No setting waits for a restart' })
  })

  const worker = (): ChildProcess => {
    const child = spawn(process.execPath, ['--import', './bin/modules.mjs', path.resolve(import.meta.dirname, '../../bin/worker.ts')], {
      env: { ...process.env, VITEST: undefined, PROCTOR_SAMPLING: 'off' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    return child
  }

  it.each([
    ['the start time', 'max_connections', '80', { state: 'succeeded', problem: null }],
    ['what the server said', 'superuser_reserved_connections', '90', { state: 'failed', problem: { kind: 'sql_error' } }],
  ])('is ended by the next worker where one is killed in the middle, by %s', async (_by, name, value, outcome) => {
    await waits(name, value)
    const { id } = await restart()
    const first = worker()
    await expect.poll(async () => (await findRun(id))?.progress?.phases.find((phase) => phase.name === 'Start')?.startedAt).toBeTruthy()
    first.kill('SIGKILL')
    await bench.startWorker()
    const run = await bench.over(id)
    expect(run).toMatchObject(outcome)
    expect(run.receipt?.restart?.startedAfter).not.toBe(run.receipt?.restart?.startedBefore)
    expect(await bench.logOf(id)).toMatch(/^(?:(?!kill -INT)[\s\S])*kill -INT(?:(?!kill -INT)[\s\S])*$/) // asked for once
  })

  it('is not planned for any other server, whoever asks', async () => {
    const words = /^Only the sample server/
    const { serverId, database } = bench.db.target
    expect(await planCommand(bench.db.target, 'restart-server', {})).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input', message: expect.stringMatching(words), hint: expect.stringContaining('pg_ctl') },
    })
    const forged = { command: 'restart-server', input: {}, statements: ['CHECKPOINT', '\\! kill -INT 1'], cluster: null }
    expect(await confirmRuns({ serverId, database, commands: [forged], phrase: 'restart', actor: DBA })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input', message: expect.stringMatching(words) },
    })
  })

  it('is stopped by a run that is going on, and by a console that is not there to start it again', async () => {
    expect(await check('runs')).toMatchObject({ status: 'pass', title: 'No other run' })
    await bench.stopWorkers()
    const { id } = await planAndConfirm(sample, 'reset-statistics', { of: 'database' })
    expect(await check('runs')).toMatchObject({ status: 'pass', detail: '1 queued run waits until it is back.' })
    await moveRun(id, 'running')
    expect(await check('runs')).toMatchObject({ status: 'stop', title: 'A run is going on at this server' })
    await expect(restart()).rejects.toThrow(/A run is going on/)
    await moveRun(id, 'failed')

    const keeper = besideData(kept.dataDir, 'keeper')
    await rename(keeper, `${keeper}.away`)
    expect(await check('keeper')).toMatchObject({ status: 'stop', title: 'Nothing would start it again' })
    await rename(`${keeper}.away`, keeper)
    expect(await check('keeper')).toMatchObject({ status: 'pass' })
  })

  it('is another plan when a setting was changed since, and a conflict when the server was restarted since', async () => {
    const { plan: shown, cluster } = await plan()
    await waits('max_connections', '75')
    const commands = [{ command: 'restart-server', input: {}, statements: shown.statements, cluster }]
    const confirmed = { serverId: 'sample', database: 'postgres', commands, phrase: 'restart', actor: DBA }
    expect(await confirmRuns(confirmed)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    const [first, second] = [await restart(), await restart()]
    await bench.startWorker()
    expect(await bench.over(first.id)).toMatchObject({ state: 'succeeded' })
    expect(await bench.over(second.id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: expect.stringContaining('since it was confirmed') },
      receipt: null,
    })
  })
})
