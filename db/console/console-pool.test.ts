import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Network, networkTo } from '../../test/support/network'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { stopServer } from '../../test/support/stopped-server'
import type { TestDatabase } from '../../test/support/test-database'
import { type ConsoleDb, closeConsole, connectConsole, limitConsole } from './client'
import { consoleFaultOf } from './console-fault'

const LIMITS = { connections: 3, answerMs: 1_500 }
/** All that waiting for a new connection and for an answer may come to. */
const SOON_MS = 5_000

let server: TestDatabase
let network: Network
let db: ConsoleDb

beforeEach(async () => {
  server = await databaseOnOwnServer(18)
  await server.client.query('create table written (x int)')
  network = await networkTo(server.url)
  limitConsole(LIMITS)
  db = connectConsole(network.url)
})
afterEach(async () => {
  await db.$client.end()
  limitConsole({ connections: 8, answerMs: 30_000 })
  await closeConsole()
  await network.close()
  await server.drop()
})

const ask = () => db.execute(sql`select 1`)
const write = () => db.transaction((tx) => tx.execute(sql`insert into written values (1)`))
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => consoleFaultOf(error)?.kind,
  )

async function took(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const written = async () => Number((await server.client.query('select count(*) from written')).rows[0].count)

it('tells a database that is stopped as one that does not answer, and has all its places back afterwards', async () => {
  await Promise.all([ask(), ask(), write()])
  const goOn = await stopServer(server.client)
  try {
    const work = Array.from({ length: 12 }, (_, at) => (at % 2 ? ask : write))
    const faults: unknown[] = []
    expect(await took(async () => faults.push(...(await Promise.all(work.map((one) => faultOf(one()))))))).toBeLessThan(SOON_MS)
    expect(new Set(faults)).toEqual(new Set(['hanging']))
    expect(await took(() => faultOf(write()))).toBeLessThan(100) // whoever comes now is told at once
    expect(db.$client.waitingCount).toBe(0)
  } finally {
    goOn()
  }
  await expect.poll(() => faultOf(write()), { timeout: 10_000 }).toBe('none')
  await Promise.all(Array.from({ length: 20 }, write))
  expect(db.$client.totalCount).toBeLessThanOrEqual(LIMITS.connections)
  expect(db.$client.idleCount).toBe(db.$client.totalCount)
  expect(await written()).toBeGreaterThanOrEqual(21)
})

it('is back by itself on new connections where a network swallowed those that it had, without a burst', async () => {
  await Promise.all([ask(), ask(), ask()])
  network.swallow()
  expect(new Set(await Promise.all([faultOf(ask()), faultOf(write()), faultOf(write()), faultOf(ask())]))).toEqual(new Set(['hanging']))
  const before = network.made()
  const faults = await Promise.all(Array.from({ length: 50 }, () => faultOf(ask())))
  expect(new Set(faults)).toEqual(new Set(['hanging']))
  expect(network.made() - before).toBeLessThanOrEqual(1) // the one that asks whether it answers again
  network.restore()
  await expect.poll(() => faultOf(ask()), { timeout: 10_000 }).toBe('none')
  await Promise.all(Array.from({ length: 20 }, write))
  expect(db.$client.totalCount).toBeLessThanOrEqual(LIMITS.connections)
})

it('loses no place where BEGIN fails, where its session is ended within a transaction, and where a statement is cancelled', async () => {
  for (let round = 0; round < 2 * LIMITS.connections; round++) {
    const fault = await faultOf(
      db.transaction(async (tx) => {
        const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        await server.client.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid])
        await tx.execute(sql`select 1`)
      }),
    )
    expect(fault).toBe('lost')
    expect(await faultOf(db.execute(sql`select pg_sleep(60)`))).toBe('cancelled') // by statement_timeout, before we give it up
    // A BEGIN that fails, which Drizzle does not give its client back after: an isolation level that there is none of.
    expect(await faultOf(db.transaction(ask, { isolationLevel: 'none' as 'serializable' }))).toBe('other')
  }
  await Promise.all(Array.from({ length: 10 }, write))
  expect(db.$client.totalCount).toBeLessThanOrEqual(LIMITS.connections)
}, 30_000)

it('keeps a session whose statement was refused', async () => {
  const pid = async () => (await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid
  const first = await pid()
  expect(await faultOf(db.execute(sql`select 1 / 0`))).toBe('other')
  expect(await pid()).toBe(first)
})
