import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { counter } from './columns'
import { defineRead } from './define-read'
import { endLook, runRead, variant } from './run-read'

const sleepy = defineRead({
  name: 'sleepy',
  about: 'Sleeps',
  params: z.object({ seconds: z.number() }),
  row: z.object({ pg_sleep: z.string() }),
  sql: 'select pg_sleep($1)::text',
  timeout: 200,
})

const tableRows = defineRead({
  name: 'table-rows',
  about: 'Counts',
  params: z.object({}),
  row: z.object({ n: counter }),
  sql: 'select /* proctor:table-rows */ count(*) as n from public.locked_table',
})

const writing = defineRead({
  name: 'writing',
  about: 'Writes',
  params: z.object({}),
  row: z.object({}),
  sql: 'create table made_by_a_read()',
})

describe.each(MAJORS)('runRead on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table locked_table (id bigint)')
  })
  afterAll(() => db.drop())

  it('ends a statement at its time-out and says so', async () => {
    const result = await runRead(db.target, sleepy, { seconds: 5 })
    expect(result).toMatchObject({ ok: false, problem: { kind: 'timeout', sqlstate: '57014' } })
  })

  it('does not queue behind an AccessExclusiveLock', async () => {
    const holder = await db.connect()
    await holder.query('begin; lock table locked_table in access exclusive mode')
    const result = await runRead(db.target, tableRows, {})
    await holder.query('rollback')
    expect(result).toMatchObject({ ok: false, problem: { kind: 'lock_not_available', sqlstate: '55P03' } })
  })

  it('cannot write', async () => {
    expect(await runRead(db.target, writing, {})).toMatchObject({ ok: false, problem: { sqlstate: '25006' } })
  })

  it('is one query for all who ask at the same moment', async () => {
    const [one, other] = await Promise.all([runRead(db.target, tableRows, {}), runRead(db.target, tableRows, {})])
    expect(one).toEqual({ ok: true, value: [{ n: '0' }] })
    expect(other).toBe(one)
  })

  const once = major === 18 ? it : null
  once?.('gives whoever reads for one look the same answers until that ends', async () => {
    const looking = { ...db.target, look: 'one' }
    const first = await runRead(looking, tableRows, {})
    expect(first).toEqual({ ok: true, value: [{ n: '0' }] })
    await db.client.query('insert into locked_table values (1)')
    await expect.poll(() => runRead(db.target, tableRows, {}), { timeout: 10_000 }).toEqual({ ok: true, value: [{ n: '1' }] })
    expect(await runRead(looking, tableRows, {})).toBe(first)
    expect(await runRead({ ...looking, look: 'another' }, tableRows, {})).toEqual({ ok: true, value: [{ n: '1' }] })
    endLook('one')
    expect(await runRead(looking, tableRows, {})).toEqual({ ok: true, value: [{ n: '1' }] })
  })

  it('names bad parameters before it asks the server', async () => {
    const result = await runRead(db.target, sleepy, { seconds: 'x' } as never)
    expect(result).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})

describe('variant', () => {
  const read = { ...tableRows, sql: { 14: 'old', 17: 'new' } }
  it.each([
    [14, 'old'],
    [16, 'old'],
    [17, 'new'],
    [23, 'new'],
  ])('on %i is %s', (major, expected) => expect(variant(read, major)).toBe(expected))
})
