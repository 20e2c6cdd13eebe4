import { beforeAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { isCopyOf } from '../commands/facts/leftovers'
import { MAJORS } from '../embedded/binaries'
import { findRun } from '../runs/runs'

describe.each(MAJORS)('a rebuild that is given up on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  beforeAll(async () => void (await bench.db.client.query('create table elsewhere (id int)')))

  const copies = (table: string) =>
    bench.value<string[] | null>(
      `select array_agg(c.relname::text order by 1) from pg_index i join pg_class c on c.oid = indexrelid where indrelid = $1::regclass and not indisvalid`,
      [table],
    )

  it('drops the copy that it made, and not the one of an earlier run', async () => {
    await bench.bloated('given_up')
    await bench.db.client.query('create index given_up_id_ccnew on given_up (id)')
    await bench.db.client.query(`update pg_index set indisvalid = false where indexrelid = 'given_up_id_ccnew'::regclass`)
    const holder = await bench.hold('select * from elsewhere')
    await bench.startWorker({ giveUpMs: 1_500 })
    const run = await bench.confirmed('reindex-index', { oid: await bench.oidOf('given_up_id') })
    expect(run.plan.cancel).toContain('If the run gives up waiting, its invalid copy is dropped.')
    const over = await bench.over(run.id)
    await holder.end()
    expect(over).toMatchObject({
      state: 'failed',
      problem: { kind: 'timeout', message: expect.stringContaining('Given up') },
      receipt: { dropped: ['given_up_id_ccnew1'], leftovers: [{ relname: 'given_up_id_ccnew' }], checkedAfter: 'valid, ready, live' },
    })
    expect(await copies('given_up')).toEqual(['given_up_id_ccnew'])
    expect(await bench.logOf(run.id)).toContain('dropped the invalid copy given_up_id_ccnew1, as confirmed')
  })

  it('is given up by the next worker, which counts on from where the first one began', async () => {
    await bench.bloated('taken_over')
    const holder = await bench.hold('select * from elsewhere')
    const first = await bench.startWorker()
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('taken_over_id') }, { giveUpMinutes: 5 })
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await first.stop()
    const { progress } = (await findRun(id)) ?? {}
    expect(progress?.waitingMs).toBeGreaterThanOrEqual(0)
    const { hold } = await bench.taken(id)
    if (progress) await hold.write({ patch: { progress: { ...progress, waitingMs: 299_000 } } })
    await bench.startWorker()
    const over = await bench.over(id)
    await holder.end()
    expect(over).toMatchObject({
      state: 'failed',
      problem: { kind: 'timeout', message: `Given up after 5 min of waiting for pid ${holder.pid}` },
      receipt: { dropped: ['taken_over_id_ccnew'], leftovers: [], checkedAfter: 'valid, ready, live' },
    })
  })

  it('offers the copy for removal where it cannot drop it', async () => {
    await bench.bloated('in_use')
    const holder = await bench.hold('insert into in_use values (1)')
    await bench.startWorker({ giveUpMs: 1_500 })
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('in_use_id') })
    const over = await bench.over(id)
    await holder.end()
    expect(over).toMatchObject({ state: 'failed', problem: { kind: 'timeout' }, receipt: { leftovers: [{ relname: 'in_use_id_ccnew' }] } })
    expect(over.receipt?.dropped).toBeUndefined()
    expect(await bench.logOf(id)).toMatch(/could not drop in_use_id_ccnew: .*lock timeout/)
    expect(await copies('in_use')).toEqual(['in_use_id_ccnew'])
  })
})

it('knows the copies of an index by their names', () => {
  const long = 'x'.repeat(63)
  expect(isCopyOf('a', 'a_ccnew')).toBe(true)
  expect(isCopyOf('a', 'a_ccold12')).toBe(true)
  expect(isCopyOf('ab', 'a_ccnew')).toBe(false)
  expect(isCopyOf('a', 'b_ccnew')).toBe(false)
  expect(isCopyOf(long, `${long.slice(0, 57)}_ccnew`)).toBe(true)
  expect(isCopyOf(long, `${long.slice(0, 56)}_ccnew1`)).toBe(true)
})
