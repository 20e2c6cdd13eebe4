import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { GET as health } from '@/app/healthz/route'
import { GET as metrics } from '@/app/metrics/route'
import { type Network, networkTo } from '../../test/support/network'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { stopServer } from '../../test/support/stopped-server'
import type { TestDatabase } from '../../test/support/test-database'
import { closeConsole, consoleDb, limitConsole } from './client'
import { migrateConsole } from './migrate'

let server: TestDatabase
let network: Network

beforeEach(async () => {
  server = await databaseOnOwnServer(18)
  await migrateConsole(server.url)
  network = await networkTo(server.url)
  process.env.PROCTOR_CONSOLE_URL = network.url
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  limitConsole({ connections: 3, answerMs: 3_000 })
})
afterEach(async () => {
  await closeConsole()
  limitConsole({ connections: 8, answerMs: 30_000 })
  await network.close()
  await server.drop()
})

/** What the two say, each within two seconds. */
async function said(): Promise<{ status: number; fault: string; ready: Record<string, string> }> {
  const limited = async (ask: () => Promise<Response>) => {
    const started = performance.now()
    const answer = await ask()
    expect(performance.now() - started).toBeLessThan(2_000)
    return answer
  }
  const host = '127.0.0.1:3000'
  const probe = await limited(() => health(new Request(`http://${host}/healthz`)))
  const scrape = await limited(() => metrics(new Request(`http://${host}/metrics`, { headers: { host } })))
  expect(scrape.status).toBe(200)
  const text = await scrape.text()
  expect(text).toContain('process_cpu_seconds_total')
  const lines = text.matchAll(/proctor_console_database_ready\{operation="(\w+)",fault="(\w+)"\} (\d)/g)
  const ready = Object.fromEntries([...lines].map(([, operation, fault, value]) => [operation, `${fault} ${value}`]))
  const { fault = 'none' } = (await probe.json()) as { fault?: string }
  return { status: probe.status, fault, ready }
}

const READY = { status: 200, fault: 'none', ready: { reads: 'none 1', writes: 'none 1' } }
const away = (fault: string) => ({ status: 503, fault, ready: { reads: `${fault} 0`, writes: `${fault} 0` } })
const unwritable = (fault: string) => ({ status: 503, fault, ready: { reads: 'none 1', writes: `${fault} 0` } })
/** What was found before is good for five seconds; ten to come back. */
const SOON = { timeout: 15_000, interval: 500 }

it('is ready, stopped and ready again', async () => {
  expect(await said()).toEqual(READY)
  const goOn = await stopServer(server.client)
  try {
    await expect.poll(said, SOON).toEqual(away('hanging'))
  } finally {
    goOn()
  }
  await expect.poll(said, SOON).toEqual(READY)
}, 60_000)

it('is cut off and back', async () => {
  expect(await said()).toEqual(READY)
  network.swallow()
  await expect.poll(said, SOON).toEqual(away('hanging'))
  network.restore()
  await expect.poll(said, SOON).toEqual(READY)
}, 60_000)

it('is not ready while nothing can be written, though it can be read', async () => {
  await server.client.query(`alter database ${server.target.database} set default_transaction_read_only = on`)
  await server.client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', ['proctor console'])
  await expect.poll(said, SOON).toEqual(unwritable('read_only'))
  await server.client.query(`alter database ${server.target.database} reset default_transaction_read_only`)
  await server.client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', ['proctor console'])
  await expect.poll(said, SOON).toEqual(READY)
}, 60_000)

it('is not ready while there is no room on the disk', async () => {
  await server.client.query(`alter database ${server.target.database} set temp_file_limit = '100kB'`)
  await expect.poll(said, SOON).toEqual(unwritable('busy')) // 53400: the limit stands in for the disk, and the row by itself would fit
  await server.client.query(`
    create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'x' using errcode = '53100'; end $$;
    create trigger full_disk before insert or update on write_probe for each row execute function full_disk()`)
  await expect.poll(said, SOON).toEqual(unwritable('full'))
  await server.client.query('drop trigger full_disk on write_probe')
  await server.client.query(`alter database ${server.target.database} reset temp_file_limit`)
  await closeConsole()
  await expect.poll(said, SOON).toEqual(READY)
}, 60_000)

it('is not ready without a connection to spare, and without a server', async () => {
  await server.client.query(`create role console login password 'test'`)
  await server.client.query(`grant all on all tables in schema public to console`)
  const url = new URL(network.url)
  Object.assign(url, { username: 'console', password: 'test' })
  process.env.PROCTOR_CONSOLE_URL = url.href
  await server.client.query('alter role console connection limit 0')
  await expect.poll(said, SOON).toEqual(away('busy'))
  await server.client.query('alter role console connection limit 2')
  await expect.poll(said, SOON).toEqual(READY)
  await network.close()
  await expect.poll(said, SOON).toEqual(away('lost'))
}, 60_000)

it('asks the database no more often than it has to, however many ask', async () => {
  await said()
  await server.client.query('create extension if not exists pg_stat_statements')
  const calls = async () => {
    const { rows } = await server.client.query(
      `select coalesce(sum(calls), 0)::int as n from pg_stat_statements where query like '%write_probe%'`,
    )
    return rows[0].n as number
  }
  await server.client.query('select pg_stat_statements_reset()')
  await Promise.all(Array.from({ length: 100 }, said))
  expect(await calls()).toBeLessThanOrEqual(1)
  await consoleDb().execute(sql`select 1`)
})
