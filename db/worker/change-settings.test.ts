import { afterEach, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../target/run-read'
import { benchForTests } from './test-bench'

describe.each(MAJORS)('a run that changes settings of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  afterEach(async () => {
    await bench.db.client.query('alter system reset all')
    await bench.db.client.query('select pg_reload_conf()')
    await expect.poll(() => show('temp_buffers')).toBe('8MB')
  })
  const show = (name: string) => bench.value<string>('select current_setting($1)', [name])

  it('takes, is read back, and is undone from its receipt', async () => {
    await bench.startWorker()
    const set = { temp_buffers: '16MB', default_statistics_target: '200', max_connections: '70', jit: 'off' }
    const run = await bench.over((await bench.confirmed('change-settings', { set })).id)
    expect(run).toMatchObject({ state: 'succeeded', problem: null, receipt: { checkedAfter: 'took effect' } })
    await expect.poll(() => show('default_statistics_target')).toBe('200')
    const { command, input } = run.plan.undoWith ?? { command: '', input: {} }
    forgetReads()
    const undone = await bench.over((await bench.confirmed(command, input)).id)
    expect(undone).toMatchObject({ state: 'succeeded', problem: null })
    await expect.poll(() => show('default_statistics_target')).toBe('100')
    expect(await bench.value(`select count(*)::int from pg_file_settings where sourcefile like '%auto.conf'`)).toBe(0)
  })

  it('is a conflict for whoever comes second', async () => {
    const first = await bench.confirmed('change-settings', { set: { temp_buffers: '16MB' } })
    const second = await bench.confirmed('change-settings', { set: { temp_buffers: '32MB' } })
    await bench.startWorker()
    expect(await bench.over(first.id)).toMatchObject({ state: 'succeeded' })
    expect(await bench.over(second.id)).toMatchObject({ state: 'failed', problem: { kind: 'conflict' } })
  })
})
