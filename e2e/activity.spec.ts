import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { Client } from 'pg'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { confirmRun } from './confirm'
import { SESSIONS, sampleSession } from './sample'

const pidOf = async (client: Client): Promise<number> => (await client.query('select pg_backend_pid() as pid')).rows[0].pid

test.describe('a chain of three', () => {
  let root: Client
  let middle: Client
  let last: Client
  let waits: Promise<unknown>[]
  let ended: Promise<unknown>

  /** The root holds a row that the middle wants, which holds another one that the last wants. */
  async function makeChain(rootStatement: string): Promise<void> {
    ;[root, middle, last] = await Promise.all([sampleSession(), sampleSession(), sampleSession()])
    const { rows } = await root.query('select id from courses order by id limit 2')
    const [first, second] = rows.map(({ id }) => `update courses set title = title where id = '${id}'`)
    await root.query(`begin; ${first}`)
    await middle.query(`begin; ${second}`)
    ended = root.query(rootStatement).catch((error: Error) => error.message)
    waits = [middle.query(`${first}`), last.query(`${second}`)]
    for (const wait of waits) wait.catch(() => undefined) // where the test ends before they do
  }
  test.afterEach(async () => {
    await Promise.all([root, middle, last].map((client) => client.end().catch(() => undefined)))
  })

  test('is seen, its root cancelled from the tree, and the others go on', async ({ page }) => {
    await page.goto(SESSIONS)
    await makeChain('select pg_sleep(600)')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Pid \d+ blocks 2 sessions\.$/, { timeout: 30_000 })
    const tree = page.getByRole('region', { name: 'Blocking' })
    await expect(tree.getByRole('listitem')).toHaveCount(3)
    await expect(tree.getByRole('listitem').first()).toContainText('Ending it unblocks 1 session now, 1 later')
    await expect(tree.getByRole('listitem').nth(1)).toContainText('a row of courses')
    // The root alone has the red button, and nothing else on the page has it again.
    await expect(
      tree
        .getByRole('listitem')
        .nth(1)
        .getByRole('button', { name: /^(End|Cancel)/ }),
    ).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Cancel its statement…' })).toHaveCount(1)
    await tree.getByRole('listitem').first().getByRole('button', { name: 'Cancel its statement…' }).click()
    await expect(page.getByRole('dialog').getByText('pg_cancel_backend(pid)')).toBeVisible()
    await confirmRun(page, /Cancel statement/)
    expect(await ended).toContain('canceling statement due to user request')
    await waits[0]
    const released = page.getByRole('region', { name: 'Released' })
    await expect(released).toContainText('1 of 2 waiting sessions went on.', { timeout: 30_000 })
    await expect(released.getByRole('link', { name: /^Run #\d+$/ })).toHaveAttribute('href', /^\/runs\/\d+$/)
    await middle.query('commit')
    await waits[1]
    await expect(released).toContainText('2 of 2 waiting sessions went on.', { timeout: 30_000 })
    await page.mouse.move(0, 0) // under the pointer the tree keeps its lines
    await expect(tree).toContainText('No session is blocked by a lock.', { timeout: 30_000 })
    await expect(page).toHaveURL(SESSIONS)
  })

  test('whose root idles is ended from its drawer, by a link that anybody can open', async ({ page }) => {
    await makeChain('select 1')
    await ended
    const pid = await pidOf(root)
    const gone = new Promise((resolve) => root.once('end', resolve))
    await page.goto(`${SESSIONS}?pid=${pid}&show=idle-in-transaction&group=user`)
    const drawer = page.getByRole('dialog', { name: `Session of pid ${pid}` })
    await expect(drawer).toContainText('RowExclusiveLock')
    await expect(drawer.getByText('2. Ending it unblocks 1 session now, 1 later.')).toBeVisible({ timeout: 30_000 })
    await drawer.getByRole('button', { name: `End pid ${pid}…` }).click()
    const field = page.getByLabel(`Type pid ${pid} to confirm`)
    await field.fill(`pid ${pid}`)
    await page.getByRole('button', { name: 'End session', exact: true }).click()
    await gone
    await waits[0]
    await middle.query('commit')
    await waits[1]
    await expect(drawer).toContainText('This session has ended', { timeout: 30_000 })
  })
})

test.describe('the sessions are read every two seconds', () => {
  /** How often they were asked for; everything that the page sent before has been counted. */
  async function counted(page: Page): Promise<() => Promise<number>> {
    let asked = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/live/activity') asked += 1
    })
    await page.clock.install()
    await page.goto(SESSIONS)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    return async () => {
      await page.evaluate(() => fetch('/healthz').then((answer) => answer.text()))
      return asked
    }
  }
  const goesOn = (page: Page, asked: () => Promise<number>, before: number) =>
    expect
      .poll(async () => {
        await page.clock.runFor(2_500)
        return asked()
      })
      .toBeGreaterThan(before + 1)

  test('not while they are paused', async ({ page }) => {
    const asked = await counted(page)
    await goesOn(page, asked, 0)
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.getByText('Paused', { exact: true })).toBeVisible()
    const before = await asked()
    await page.clock.runFor(30_000)
    expect(await asked()).toBe(before)
    await page.getByRole('button', { name: 'Go on' }).click()
    await goesOn(page, asked, before)
  })

  test('not while the tab is hidden', async ({ page }) => {
    const asked = await counted(page)
    await goesOn(page, asked, 0)
    const show = (state: DocumentVisibilityState) =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true })
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      }, state)
    await show('hidden')
    const before = await asked()
    await page.clock.runFor(30_000)
    expect(await asked()).toBe(before)
    await show('visible')
    await goesOn(page, asked, before)
  })
})

test.describe('a server that goes and comes', () => {
  const PASSWORD = 'a password of the server 5012'
  let folder: string
  let cluster: Cluster
  let start: () => Promise<Cluster>
  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-journey-stop-'))
    await chmod(folder, 0o755)
    const at = { folder: path.join(folder, 'server'), binariesCopy: folder, port: await freePort() }
    start = () => startCluster({ major: 18, password: PASSWORD, settings: { fsync: 'off' }, ...at })
    cluster = await start()
  })
  test.afterAll(async () => {
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  test('is told as stopped, with the age of what is shown, and shown again by itself', async ({ page }) => {
    await page.goto('/servers/new')
    await page.getByRole('textbox', { name: /^Name/ }).fill('Restarted')
    await page.getByRole('textbox', { name: /^Host/ }).fill('127.0.0.1')
    await page.getByRole('textbox', { name: /^Port/ }).fill(String(cluster.port))
    await page.getByRole('textbox', { name: /^Database/ }).fill('postgres')
    await page.getByRole('textbox', { name: /^Role/ }).fill('postgres')
    await page.getByLabel(/^Password/).fill(PASSWORD)
    await page.getByLabel('TLS mode').selectOption('disable')
    await page.getByRole('button', { name: 'Add server' }).click()
    await expect(page).toHaveURL('/servers/restarted')

    await page.goto('/restarted/db/postgres/sessions')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('No session waits for a lock.')
    const told = page.getByText(/No answer from the server; data from \d\d:\d\d:\d\d UTC/)
    await expect(told).toHaveCount(0)
    await cluster.stop()
    await expect(told).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('Not refreshed since')).toBeVisible()
    // Red everywhere, and nothing can be started on what is old.
    await expect(page.getByRole('region', { name: 'Server' }).or(page.getByRole('status', { name: 'Server' }))).toContainText(
      'Restarted does not answer',
    )
    await expect(page.getByRole('button', { name: /^Restarted does not answer$/ })).toBeVisible()
    const fleet = await page.context().newPage()
    await fleet.goto('/')
    await expect(fleet.locator('[data-server=restarted][data-standing=unreachable]')).toBeVisible()
    await fleet.close()
    cluster = await start()
    await expect(told).toHaveCount(0, { timeout: 30_000 })
    await expect(page.getByText('Not refreshed since')).toHaveCount(0)
    await expect(page.getByText('Restarted does not answer')).toHaveCount(0)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('No session waits for a lock.')

    await page.goto('/servers/restarted')
    await page.getByRole('button', { name: 'Remove server …' }).click()
    await page.getByLabel('Type Restarted').fill('Restarted')
    await page.getByRole('button', { name: 'Remove server', exact: true }).click()
    await expect(page).toHaveURL('/servers')
  })
})
