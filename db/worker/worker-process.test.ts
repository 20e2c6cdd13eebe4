import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { isFinal } from '../runs/run-states'
import { findRun } from '../runs/runs'

const CHECKOUT = path.resolve(import.meta.dirname, '../..')

describe('the worker as a process', () => {
  const bench = benchForTests(18)
  const children: ChildProcess[] = []
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
  })

  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin', 'worker.ts')], {
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
    await bench.db.client.query('create table t (id int); insert into t select generate_series(1, 1000); create index t_id on t (id)')
    const holder = await bench.hold('select * from t')
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('t_id') })

    const first = start()
    await expect.poll(async () => (await findRun(id))?.progress?.waitingFor.length).toBe(1)
    first.kill('SIGKILL')
    await ended(first)
    const second = start()
    await expect.poll(() => bench.logOf(id)).toContain('found again')
    expect(await state(id)).toBe('running')
    await holder.end()
    await expect.poll(async () => isFinal((await state(id)) ?? 'queued')).toBe(true)
    expect(await findRun(id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live', leftovers: [] } })
    expect((await bench.logOf(id)).match(/^REINDEX INDEX/gm)).toHaveLength(1)

    second.kill('SIGTERM')
    expect(await ended(second)).toBe(0)
  })

  it('is killed with -9 between two tries: the next one makes the next try, and nothing is lost', async () => {
    await bench.db.client.query('create table held (id int)')
    const holder = await bench.hold('lock table held in row exclusive mode')
    const { id } = await bench.confirmed('vacuum-table', { oid: await bench.oidOf('held'), full: true })

    const first = start()
    await expect.poll(async () => (await findRun(id))?.retry?.tries).toBeGreaterThan(0)
    await expect.poll(() => state(id)).toBe('queued') // with some seconds until the next try
    first.kill('SIGKILL')
    await ended(first)
    await holder.end()
    const second = start()
    await expect.poll(() => state(id), { timeout: 60_000 }).toBe('succeeded')
    second.kill('SIGTERM')
    expect(await ended(second)).toBe(0)
  })
})
