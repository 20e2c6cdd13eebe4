import { afterEach, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { MAJORS } from '../embedded/binaries'
import { confirmRuns } from '../runs/confirm'
import { planCommand } from '../runs/planner'
import { forgetReads } from '../server/run-read'

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

  it('is a conflict for whoever comes second, told by the run, and by the dialog that was open meanwhile', async () => {
    const first = await bench.confirmed('change-settings', { set: { temp_buffers: '16MB' } })
    const second = await bench.confirmed('change-settings', { set: { temp_buffers: '32MB' } })
    const third = { command: 'change-settings', input: { set: { temp_buffers: '64MB' } } }
    const shown = await planCommand(bench.db.target, third.command, third.input)
    if (!shown.ok) throw new Error(shown.problem.message)
    const { cluster, plan } = shown.value
    const { statements, phrase } = plan
    await bench.startWorker()
    expect(await bench.over(first.id)).toMatchObject({ state: 'succeeded' })
    expect(await bench.over(second.id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'conflict', message: 'pg_catalog.pg_settings was changed since it was confirmed', hint: 'Plan it again.' },
      receipt: null,
    })
    const { serverId, database } = bench.db.target
    expect(await confirmRuns({ serverId, database, commands: [{ ...third, statements, cluster }], phrase, actor: DBA })).toMatchObject({
      ok: false,
      problem: {
        kind: 'conflict',
        message: 'The statements for pg_settings are not the ones that were confirmed',
        hint: expect.stringContaining('Something changed since'),
      },
    })
    expect(await show('temp_buffers')).toBe('16MB')
  })

  it('that fails half-way offers the way back of what was written, and of nothing else', async () => {
    await bench.db.client.query('alter system set jit = on')
    await bench.db.client.query('select pg_reload_conf()')
    await bench.startWorker()
    // Within the bounds of pg_settings, and refused all the same.
    const refused = major < 18 ? { max_connections: '262143' } : { log_connections: 'nonsense' }
    const set = { default_statistics_target: '200', jit: 'off', temp_buffers: '16MB', ...refused }
    const run = await bench.over((await bench.confirmed('change-settings', { set })).id)
    expect(run).toMatchObject({ state: 'failed', problem: { message: expect.stringContaining('invalid value for parameter') } })
    const undo = run.receipt?.undo
    expect(undo?.with.input).toEqual({ set: { jit: 'on' }, reset: ['default_statistics_target'] })
    expect(undo?.sql).toBe("ALTER SYSTEM RESET default_statistics_target;\nALTER SYSTEM SET jit = 'on';\nSELECT pg_reload_conf()")
    const undone = await bench.over((await bench.confirmed(undo?.with.command ?? '', undo?.with.input ?? {})).id)
    expect(undone).toMatchObject({ state: 'succeeded', problem: null })
    const auto = `select string_agg(name || ' ' || setting, ', ') from pg_file_settings where sourcefile like '%auto.conf'`
    expect(await bench.value(auto)).toBe('jit on')
  })

  it('that changed nothing offers no way back', async () => {
    await bench.startWorker()
    const set = major < 18 ? { max_connections: '262143', temp_buffers: '16MB' } : { log_connections: 'nonsense', temp_buffers: '16MB' }
    const run = await bench.over((await bench.confirmed('change-settings', { set })).id)
    expect(run).toMatchObject({ state: 'failed', receipt: { checkedAfter: 'took no effect' } })
    expect(run.receipt?.undo).toBeUndefined()
  })
})
