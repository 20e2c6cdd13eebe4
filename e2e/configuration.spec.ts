import process from 'node:process'
import { expect, type Page, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { CLICK, confirmRun, openDialog } from './confirm'
import { SETTINGS, sampleSession } from './sample'
import { joinInvited } from './sign-up'

const row = (page: Page, name: string) => page.locator(`tr[data-setting="${name}"]`)

/** Asked on a session of its own, as a restart of the server ends them all. */
async function ask<T>(sql: string, values: unknown[] = []): Promise<T> {
  const server = await sampleSession()
  const { rows } = await server.query(sql, values)
  await server.end()
  return Object.values(rows[0] ?? {})[0] as T
}
const show = (name: string) => ask<string>('select current_setting($1)', [name])
const pending = (name: string) => ask<boolean>('select pending_restart from pg_settings where name = $1', [name])

async function type(page: Page, field: string, value: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).fill(value)
  await page.getByLabel(field, { exact: true }).press('Enter')
}

/** Applies some of the recommended settings, and waits for the end of the run, whose address it resolves with. */
async function apply(page: Page, names: string[]): Promise<string> {
  // Those of logging are not preselected: some are ticked, then all, then none.
  await expect(page.getByLabel('Change log_disconnections', { exact: true })).not.toBeChecked()
  await page.getByLabel('All changes').check()
  await page.getByLabel('All changes').uncheck()
  for (const name of names) await page.getByLabel(`Change ${name}`, { exact: true }).check()
  await page.getByRole('button', { name: `Apply ${names.length} setting` }).click()
  await confirmRun(page, /Change settings/)
  return runIsDone(page)
}

async function runIsDone(page: Page, former = ''): Promise<string> {
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== former)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 120_000 })
  return page.url()
}

async function undo(page: Page, run: string): Promise<void> {
  await page.goto(run)
  await openDialog(page, () => page.getByRole('region', { name: 'Undo' }).getByRole('button', { name: 'Undo…' }).click(CLICK))
  await expect(page.getByRole('dialog').getByText('ALTER SYSTEM RESET max_connections').first()).toBeVisible()
  await confirmRun(page, /Change settings/)
  await runIsDone(page, run)
}

/** Restarts the sample from its page of the configuration, and looks at the receipt. */
async function restart(page: Page, change: string): Promise<void> {
  await page.goto(SETTINGS)
  await openDialog(page, () => page.getByRole('button', { name: 'Restart the sample…' }).click(CLICK))
  await expect(page.getByRole('dialog').getByText(change).first()).toBeVisible()
  await confirmRun(page, /Restart server/)
  await runIsDone(page)
  const settings = page.getByRole('region', { name: 'Restart' })
  await expect(settings.getByRole('row', { name: /^max_connections .* yes$/ })).toBeVisible()
}

test('find a setting, type a value of one’s own, and plan just that', async ({ page }) => {
  await page.goto(`${SETTINGS}?show=all`)
  const search = page.getByLabel('Setting, topic or reason')
  await expect(async () => {
    await search.fill('deadlock')
    await expect(row(page, 'work_mem')).toHaveCount(0)
  }).toPass()
  await search.fill('work_mem')
  const typeOwn = async (text: string) => {
    await page.getByRole('button', { name: 'Type a value of work_mem' }).click()
    await page.getByLabel('Your value of work_mem').fill(text)
    await page.getByLabel('Your value of work_mem').press('Enter')
  }
  await typeOwn('48 s')
  await expect(row(page, 'work_mem').getByRole('alert')).toContainText('an amount from 64kB')
  await expect(page.getByLabel('Change work_mem', { exact: true })).toHaveCount(0)
  await typeOwn('48 MB')
  await expect(row(page, 'work_mem')).toContainText('48MB')
  await expect(page.getByRole('region', { name: 'Script text' })).toContainText(`work_mem = '48MB'`)
  // However far one scrolls, Apply is there.
  await search.fill('')
  await page.getByRole('region', { name: 'Changes seen' }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('button', { name: /^Apply \d+ settings…$/ })).toBeInViewport()
  await page.getByLabel('All changes').check()
  await page.getByLabel('All changes').uncheck()
  await page.getByLabel('Change work_mem', { exact: true }).check()
  await openDialog(page, () => page.getByRole('button', { name: 'Apply 1 setting…' }).click(CLICK))
  await expect(page.getByRole('dialog')).toContainText(`ALTER SYSTEM SET work_mem = '48MB'`)
  await noSeriousViolation(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Take the recommended value of work_mem' }).click()
  await expect(page).not.toHaveURL(/own=/)
})

test('describe the machine, apply three settings, see them live, undo them, and restart for the one that waits', async ({
  page,
  browser,
}) => {
  const former = [await show('effective_cache_size'), await show('random_page_cost'), await show('max_connections')]
  await page.goto(SETTINGS)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/differs? from|match/)
  await expect(async () => {
    await type(page, 'RAM in GB', '64')
    await expect(row(page, 'effective_cache_size')).toContainText('48GB', { timeout: 5_000 })
  }).toPass()
  await expect(page).toHaveURL(/ram=64/)
  await type(page, 'RAM in GB', '16')
  await expect(row(page, 'effective_cache_size')).toContainText('12GB')
  await page.getByLabel('Storage').selectOption('nvme')
  await expect(row(page, 'random_page_cost')).toContainText('1.1')
  await type(page, 'Connections', '70')
  await expect(row(page, 'max_connections')).toContainText('restart')

  // What is in the address is this page's; saved, it is the server's.
  await expect(page.getByText('RAM, storage and connections are not saved')).toBeVisible()
  await page.getByRole('button', { name: "Save as this server's profile" }).click()
  await expect(page.getByText(/^Profile of this server, shared by all users/)).toBeVisible()
  await expect(page).not.toHaveURL(/ram=/)
  await expect(row(page, 'effective_cache_size')).toContainText('12GB')

  const applied = await apply(page, ['effective_cache_size', 'random_page_cost', 'max_connections'])
  await expect.poll(() => show('effective_cache_size')).toBe('12GB')
  expect([await show('random_page_cost'), await show('max_connections'), await pending('max_connections')]).toEqual([
    '1.1',
    former[2],
    true,
  ])
  await page.goto(`${SETTINGS}?show=all`)
  await expect(row(page, 'random_page_cost')).toContainText('ALTER SYSTEM')
  await expect(row(page, 'random_page_cost').getByRole('link', { name: /^run \d+$/ })).toHaveAttribute('href', new URL(applied).pathname)
  await expect(row(page, 'random_page_cost')).toContainText('keep')
  await expect(row(page, 'max_connections')).toContainText('pending restart: 70')

  // A viewer sees all of it, the saved profile too, and can do none of it.
  const guest = await browser.newContext({ baseURL: process.env.PROCTOR_TEST_ORIGIN, storageState: { cookies: [], origins: [] } })
  const theirs = await guest.newPage()
  await joinInvited(page, theirs, { name: 'Vera Viewer', email: 'vera@example.org', password: 'four plain words there' })
  await theirs.goto(`${SETTINGS}?ram=32`)
  await expect(theirs.getByLabel('Connections', { exact: true })).toHaveValue('70')
  await expect(theirs.getByText('Saving takes an operator.')).toBeVisible()
  await expect(theirs.getByText('Restarting takes an operator')).toBeVisible()
  for (const name of ['Restart the sample…', "Save as this server's profile"])
    await expect(theirs.getByRole('button', { name })).toBeDisabled()
  await theirs.goto(applied)
  await expect(theirs.getByText('Undoing takes an operator')).toBeVisible()
  await expect(theirs.getByRole('button', { name: 'Undo…' })).toBeDisabled()
  await guest.close()

  await undo(page, applied)
  await expect.poll(() => show('effective_cache_size')).toBe(former[0])
  expect([await show('random_page_cost'), await pending('max_connections')]).toEqual([former[1], false])

  await page.goto(SETTINGS)
  const again = await apply(page, ['max_connections'])
  await restart(page, `max_connections: ${former[2]} → 70`)
  await noSeriousViolation(page)
  expect([await show('max_connections'), await pending('max_connections')]).toEqual(['70', false])
  await page.goto(SETTINGS)
  await expect(page.getByRole('button', { name: 'Restart the sample…' })).toHaveCount(0)

  await undo(page, again)
  await restart(page, `max_connections: 70 → ${former[2]}`)
  expect(await show('max_connections')).toBe(former[2])
  await page.goto(SETTINGS)
  await page.getByRole('button', { name: 'Forget it' }).click()
  await expect(page.getByText(/^No profile saved/)).toBeVisible()
})
