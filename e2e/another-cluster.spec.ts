import { expect, type Page, test } from '@playwright/test'
import { type Twin, type TwoClusters, twoClusters } from '../test/support/two-clusters'
import { noSeriousViolation } from './axe'
import { CLICK, confirmRun, openDialog } from './confirm'

test.describe.configure({ mode: 'serial' }) // the second goes on with the server of the first

let two: TwoClusters
let recorded: string
let other: string
test.beforeAll(async () => {
  two = await twoClusters(18)
  await two.both('create table sent (id int primary key, note text)')
  await two.both('insert into sent select i, i::text from generate_series(1, 2000) i')
  const identifierOf = async ({ client }: Twin): Promise<string> =>
    (await client.query('select system_identifier::text as id from pg_control_system()')).rows[0].id
  recorded = await identifierOf(two.a)
  other = await identifierOf(two.b)
})
test.afterAll(() => two.stop())

const TABLES = '/moved/db/postgres/tables'
const FORM = '/servers/moved'
const dialogOf = (page: Page) => page.getByRole('dialog')
/** For looking at, where a folder is asked for. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.PROCTOR_TEST_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

/** Reads the page again until it shows what somebody has noticed meanwhile. */
async function untilShown(page: Page, address: string, shown: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(address)
    await shown()
  }).toPass()
}

async function planVacuum(page: Page): Promise<void> {
  await page.goto(TABLES)
  const item = page.getByRole('menuitem', { name: 'Vacuum…' })
  await openDialog(page, async () => {
    if (!(await item.isVisible())) await page.getByRole('button', { name: /sent/ }).last().click(CLICK)
    await item.click(CLICK)
  })
}

/** Queues a VACUUM for a window that is closed; resolves with the address of its run. */
async function queueForTheNight(page: Page): Promise<string> {
  await planVacuum(page)
  await dialogOf(page).getByLabel('Start').selectOption('Night')
  await confirmRun(page, /Plan VACUUM in the window/i)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Waits for')
  return page.url()
}

test('an address that leads to another cluster is told, held, and decided by an administrator', async ({ page }) => {
  await page.goto('/servers')
  await page.getByRole('link', { name: 'Add server' }).click()
  const { username, password } = new URL(two.url)
  const fields = { Name: 'Moved', Host: '127.0.0.1', Port: String(two.address.port), Database: 'postgres', Role: username }
  for (const [label, value] of Object.entries(fields)) await page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value)
  await page.getByLabel(/^Password/).fill(password)
  await page.getByLabel(/^TLS mode/).selectOption('disable')
  await page.getByRole('button', { name: 'Add server' }).click()
  await expect(page).toHaveURL(FORM)
  const card = page.getByRole('region', { name: 'Cluster', exact: true })
  await expect(card).toContainText(`system identifier ${recorded}, timeline 1`)

  // Twelve hours away, so that it is closed however long this takes.
  const hour = String((new Date().getUTCHours() + 12) % 24)
  await openDialog(page, () => page.getByRole('button', { name: 'Add window…' }).click(CLICK))
  const times = { Name: 'Night', 'Opens (cron expression)': `0 ${hour} * * *`, 'Time zone': 'UTC', 'Open for, in minutes': '60' }
  for (const [label, value] of Object.entries(times)) await dialogOf(page).getByLabel(label).fill(value)
  await dialogOf(page).getByRole('button', { name: 'Save window' }).click()
  await expect(dialogOf(page)).toHaveCount(0)
  const run = await queueForTheNight(page)

  two.address.leadTo(two.b.port, { cut: true })
  await two.b.forget()
  const banner = page.getByRole('region', { name: 'Another cluster' })
  await untilShown(page, '/moved/db/postgres/overview', () => expect(banner).toBeVisible({ timeout: 3_000 }))
  for (const identifier of [recorded, other]) await expect(banner).toContainText(identifier)
  const finding = page.getByRole('listitem').filter({ hasText: 'This address leads to another cluster' })
  await expect(finding).toContainText(`System identifier ${other} answers in place of ${recorded}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/problems? needs? attention/)
  await noSeriousViolation(page)
  await picture(page, 'overview')
  await finding.getByRole('link', { name: /^Show/ }).click()
  await expect(page).toHaveURL(FORM)

  const title = page.getByRole('heading', { level: 1 })
  await page.goto(run)
  await expect(title).toHaveText('Held: the address leads to another cluster.')
  await expect(page.getByText(`It was confirmed for system identifier ${recorded}; ${other} answers.`)).toBeVisible()
  await noSeriousViolation(page)
  await picture(page, 'run-held')
  await page.goto('/runs')
  await expect(page.getByRole('row').filter({ hasText: 'Held: the address leads to another cluster.' })).toHaveCount(1)

  await planVacuum(page)
  await expect(dialogOf(page).getByText(/The address leads to another cluster: system identifier/)).toBeVisible()
  await expect(dialogOf(page).getByRole('button', { name: /^Run/ })).toBeDisabled()
  await noSeriousViolation(page)
  await picture(page, 'command-refused')

  await page.goto(FORM)
  await expect(card).toContainText('The address leads to another cluster')
  await picture(page, 'server')
  await openDialog(page, () => card.getByRole('button', { name: 'This is now Moved …' }).click(CLICK))
  for (const words of [recorded, other, 'PostgreSQL 18.', 'One queued run']) await expect(dialogOf(page)).toContainText(words)
  await noSeriousViolation(page)
  await picture(page, 'this-is-now')
  await page.setViewportSize({ width: 390, height: 844 })
  await noSeriousViolation(page)
  await picture(page, 'this-is-now-390')
  await page.setViewportSize({ width: 1440, height: 900 })
  await dialogOf(page).getByRole('button', { name: 'This is now Moved' }).click()
  await expect(dialogOf(page)).toHaveCount(0)
  await expect(card).toContainText(`system identifier ${other}, timeline 1`)
  await expect(card).not.toContainText('another cluster')
  await page.goto(run)
  await expect(
    page.getByText(`It was confirmed for the cluster ${recorded}; the server is ${other} now. Nothing was sent.`).first(),
  ).toBeVisible()
  await noSeriousViolation(page)
  await expect(page.getByText('It had not started: nothing was sent.')).toBeVisible()
  await picture(page, 'run-ended')
  expect(await two.b.changes()).toEqual([])
  await page.goto('/moved/db/postgres/overview')
  await expect(title).toBeVisible()
  await expect(banner).toHaveCount(0)
  await expect(finding).toHaveCount(0)
})

test('another address asks first, says which runs it cancels, and which cluster is there', async ({ page }) => {
  const run = await queueForTheNight(page)
  await page.goto(FORM)
  await page.getByRole('textbox', { name: /^Port/ }).fill(String(two.a.port))
  await page.getByLabel(/^Password/).fill(new URL(two.url).password)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const standing = page.getByRole('alert').filter({ hasText: 'Another cluster is there.' })
  await expect(standing).toContainText(recorded)
  await expect(standing).toContainText(other)
  await expect(standing).toContainText(`Queued, will be cancelled: #${run.split('/').at(-1)}.`)
  await noSeriousViolation(page)
  await picture(page, 'another-address')
  await standing.getByRole('button', { name: 'Cancel it and save' }).click()
  await expect(page).toHaveURL('/servers')
  await page.goto(FORM)
  await expect(page.getByRole('region', { name: 'Cluster', exact: true })).toContainText(`system identifier ${recorded}`)
  await page.goto(run)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Cancelled')

  await page.goto('/audit')
  for (const sentence of [
    `First seen: cluster ${recorded}, timeline 1`,
    `Another cluster answers: ${other} (recorded: ${recorded}); runs are held`,
    `This server is now cluster ${other}, timeline 1`,
    `port ${two.address.port} → ${two.a.port}, cluster ${other} → ${recorded}, password changed`,
  ])
    await expect(page.getByRole('row').filter({ hasText: sentence }).first()).toBeVisible()
  await noSeriousViolation(page)
  await picture(page, 'audit')

  await page.goto(FORM)
  await page.getByRole('button', { name: 'Remove server …' }).click()
  await dialogOf(page).getByLabel('Type Moved').fill('Moved')
  await dialogOf(page).getByRole('button', { name: 'Remove server', exact: true }).click()
  await expect(page).toHaveURL('/servers')
})
