import { sql } from 'drizzle-orm'
import { Client, Pool } from 'pg'
import { expect, it } from 'vitest'
import { FAULT_WORDS, failWrites } from '../../test/support/console-faults'
import { consoleForTests } from '../../test/support/test-console'
import { closeConsole, connectConsole, consoleDb } from './client'
import { type ConsoleFaultKind, consoleFaultOf } from './console-fault'
import { worker } from './schema'

const home = consoleForTests()

const kindOf = (error: unknown): ConsoleFaultKind | undefined => consoleFaultOf(error)?.kind

const caught = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing failed')
}

const add = (id: string) => consoleDb().transaction((tx) => tx.insert(worker).values({ id }))

it.each<[string, ConsoleFaultKind]>([
  ['57014', 'cancelled'],
  ['40P01', 'deadlock'],
  ['40001', 'deadlock'],
  ['53100', 'full'],
  ['53200', 'busy'],
  ['53300', 'busy'],
  ['25006', 'read_only'],
  ['55P03', 'deadlock'],
  ['57P01', 'lost'],
  ['57P03', 'lost'],
  ['58030', 'broken'],
  ['XX001', 'broken'],
  ['P0001', 'other'],
  ['23505', 'other'],
  ['22P02', 'other'],
])('takes %s of a write, as Drizzle wraps it, for %s, and leaves no connection behind', async (sqlstate, kind) => {
  const fault = await failWrites(home.client, { table: 'worker', sqlstate, times: 10 })
  for (let time = 0; time < 10; time++) {
    const error = await caught(() => add(`${sqlstate} ${time}`))
    expect(kindOf(error)).toBe(kind)
    expect(consoleFaultOf(error)?.message).not.toContain(FAULT_WORDS)
  }
  expect(await fault.failed()).toBe(10)
  await fault.lift()
  await add(sqlstate)
})

it.each(['commit', 'write'] as const)('takes a session that ends at its %s for lost, and goes on with others', async (at) => {
  const fault = await failWrites(home.client, { table: 'worker', sqlstate: '57P01', at, end: true, times: 10 })
  for (let time = 0; time < 10; time++) expect(kindOf(await caught(() => add(`${at} ${time}`)))).toBe('lost')
  await fault.lift()
  await add(at)
  const { rows } = await home.client.query('select id from worker where id like $1', [`${at}%`])
  expect(rows).toEqual([{ id: at }])
})

it('gives connections back whose BEGIN failed', async () => {
  const db = connectConsole(home.url)
  for (let time = 0; time < 10; time++) {
    await db.execute(sql`select 1`)
    await home.client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
      ['proctor console'],
    )
    await db.transaction(async () => undefined).catch(() => undefined)
  }
  expect(await db.transaction(async () => 'in')).toBe('in')
  expect(db.$client.totalCount).toBeLessThanOrEqual(2)
  await db.$client.end()
})

it('knows what pools, time limits and the network say', async () => {
  const full = new Pool({ connectionString: home.url, max: 1, connectionTimeoutMillis: 2_000 })
  const held = await full.connect()
  expect(kindOf(await caught(() => full.connect()))).toBe('hanging')
  held.release()
  await full.end()
  const silent = new Client({ connectionString: home.url, query_timeout: 20 })
  await silent.connect()
  expect(kindOf(await caught(() => silent.query('select pg_sleep(1)')))).toBe('hanging')
  await silent.end()
  const nobody = new Client({ host: '127.0.0.1', port: 1 })
  nobody.on('error', () => undefined)
  expect(kindOf(await caught(() => nobody.connect()))).toBe('lost')
  await closeConsole()
})
