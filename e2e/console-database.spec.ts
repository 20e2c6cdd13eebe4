import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { expect, type Page, test } from '@playwright/test'
import { Client } from 'pg'
import { LARGEST, ofConsole } from '../db/console/connection-budget'
import { stopServer } from '../test/support/stopped-server'
import { signUp } from './sign-up'
import { startConsoleOn } from './start-console'

/** A console of its own, whose database the journey may stop. */
let home: { folder: string; stop: () => Promise<void>; origin: string; database: Client; page: Page }

test.beforeAll(async ({ browser }) => {
  const before = { ...process.env }
  const { folder, stop } = await startConsoleOn({ PROCTOR_SAMPLE: 'off' })
  const origin = process.env.PROCTOR_TEST_ORIGIN ?? ''
  const page = await (await browser.newContext({ storageState: undefined })).newPage()
  await signUp(page)
  Object.assign(process.env, before)
  const { console: password } = JSON.parse(await readFile(path.join(folder, 'secrets.json'), 'utf8'))
  const port = (await readFile(path.join(folder, 'console/data/postmaster.pid'), 'utf8')).split('\n')[3]
  const database = new Client({ connectionString: `postgresql://postgres:${password}@127.0.0.1:${port}/proctor` })
  database.on('error', () => undefined)
  await database.connect()
  home = { folder, stop, origin, database, page }
})
test.afterAll(async () => {
  await home.database.end()
  await home.stop()
})

const HANGS = 'The console database does not answer in time.'
const READ_ONLY = 'The console database is read-only: nothing can be written.'
/** "A few seconds", on a machine that has other things to do. */
const SOON_MS = 6_000

/** What a visitor who is signed in gets, and when. */
async function ask(address: string): Promise<{ status: number; text: string }> {
  const cookies = await home.page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const started = performance.now()
  const answer = await fetch(`${home.origin}${address}`, { headers: { cookie }, redirect: 'manual' })
  const text = await answer.text()
  expect(performance.now() - started, address).toBeLessThan(/^\/(healthz|metrics)/.test(address) ? 2_000 : SOON_MS)
  return { status: answer.status, text }
}

const PAGES = ['/', '/runs', '/sign-in', '/audit', '/servers', '/users', '/account', '/set-up/x', '/invitation/x', '/audit/export']

test('a console database that hangs is told on every page, and everything is back once it answers', async () => {
  const { page, origin, database } = home
  await page.goto(`${origin}/account`)
  await page.getByRole('textbox', { name: 'Name' }).fill('M. Okafor-Lindt')
  const goOn = await stopServer(database)
  try {
    await expect.poll(async () => (await ask('/healthz')).text).toContain('"hanging"')
    for (const address of [...PAGES, '/api/live/workers', '/api/auth/get-session']) {
      expect(await ask(address), address).toMatchObject({ status: 503, text: expect.stringContaining(HANGS) })
    }
    expect((await ask('/metrics')).text).toContain('proctor_console_database_ready{operation="reads",fault="hanging"} 0')
    await page.getByRole('button', { name: 'Save name' }).click()
    await expect(page.getByText(HANGS).first()).toBeVisible({ timeout: SOON_MS })
    await page.goto(`${origin}/runs`)
    await expect(page.getByRole('heading', { name: HANGS })).toBeVisible()
  } finally {
    goOn()
  }
  await expect.poll(async () => (await ask('/healthz')).status).toBe(200)
  await expect(page.getByRole('navigation', { name: 'Pages' }).first()).toBeVisible() // the page has come back by itself
  for (const address of PAGES.filter((one) => !/^.(set-up|invitation)/.test(one)))
    expect((await ask(address)).status, address).toBeLessThan(400)
})

test('one that is read-only leaves pages to read, with a banner, and refuses what writes', async () => {
  const { page, origin, database } = home
  const renew = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'proctor console'`
  await database.query('alter database proctor set default_transaction_read_only = on')
  await database.query(renew)
  try {
    await expect.poll(async () => (await ask('/healthz')).text).toContain('"read_only"')
    await page.goto(`${origin}/account`)
    await expect(page.getByRole('status', { name: 'Console database' })).toContainText(READ_ONLY)
    await page.getByRole('textbox', { name: 'Name' }).fill('M. O.')
    await page.getByRole('button', { name: 'Save name' }).click()
    await expect(page.getByText(READ_ONLY)).toHaveCount(2)
  } finally {
    await database.query(`set default_transaction_read_only = off; alter database proctor reset default_transaction_read_only; ${renew}`)
  }
  await expect.poll(async () => (await ask('/healthz')).status).toBe(200)
  await expect(page.getByRole('status', { name: 'Console database' })).toHaveCount(0)
})

test('four workers and the web stay within what they are given, under load', async () => {
  const worker = (): ChildProcess =>
    spawn(process.execPath, ['--import', './bin/modules.mjs', path.resolve(import.meta.dirname, '../bin/worker.ts')], {
      env: { ...process.env, PROCTOR_DATA_DIR: home.folder, PROCTOR_DATABASE_URL: '', PROCTOR_CONSOLE_URL: '', DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const workers = [worker(), worker(), worker()]
  const count = async (where: string) =>
    Number(
      (await home.database.query(`select count(*) from pg_stat_activity where backend_type = 'client backend' and ${where}`)).rows[0].count,
    )
  try {
    await expect.poll(() => count(`application_name = 'proctor sampling'`), { timeout: 120_000 }).toBe(4)
    let most = 0
    for (const until = Date.now() + 15_000; Date.now() < until; ) {
      const loads = Promise.all(Array.from({ length: 24 }, (_, at) => ask(PAGES[at % PAGES.length] as string)))
      most = Math.max(most, await count('pid <> pg_backend_pid()'))
      expect((await loads).filter(({ status }) => status >= 500)).toEqual([])
    }
    expect(most).toBeGreaterThan(4 * 3)
    expect(most).toBeLessThanOrEqual(ofConsole(LARGEST, 4))
    const { rows } = await home.database.query(
      `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - current_setting('reserved_connections')::int as room`,
    )
    expect(ofConsole(LARGEST, 4)).toBeLessThanOrEqual(rows[0].room)
  } finally {
    const ended = workers.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of workers) child.kill('SIGTERM')
    await Promise.all(ended)
  }
})
