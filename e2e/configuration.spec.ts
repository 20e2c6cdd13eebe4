import { expect, type Page, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { CONFIGURATION, sampleSession } from './sample'

const row = (page: Page, name: string) => page.locator(`tr[data-setting="${name}"]`)

test('describe the machine, apply three settings, see them live, and undo them', async ({ page }) => {
  const server = await sampleSession()
  const show = async (name: string): Promise<string> => (await server.query('select current_setting($1) as value', [name])).rows[0].value
  const pending = async (name: string): Promise<boolean> =>
    (await server.query('select pending_restart from pg_settings where name = $1', [name])).rows[0].pending_restart
  const former = [await show('effective_cache_size'), await show('random_page_cost'), await show('max_connections')]

  await page.goto(CONFIGURATION)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/do not fit|does not fit|fits/)
  const ram = page.getByLabel('RAM in GB')
  await expect(async () => {
    await ram.fill('64')
    await ram.press('Enter')
    await expect(row(page, 'effective_cache_size')).toContainText('48GB', { timeout: 5_000 })
  }).toPass()
  await expect(page).toHaveURL(/ram=64/)
  await ram.fill('16')
  await ram.press('Enter')
  await expect(row(page, 'effective_cache_size')).toContainText('12GB')
  await page.getByLabel('Storage').selectOption('nvme')
  await expect(row(page, 'random_page_cost')).toContainText('1.1')
  await page.getByLabel('Connections', { exact: true }).fill('70')
  await page.getByLabel('Connections', { exact: true }).press('Enter')
  await expect(row(page, 'max_connections')).toContainText('restart')

  await page.getByLabel('All changes').uncheck()
  for (const name of ['effective_cache_size', 'random_page_cost', 'max_connections'])
    await page.getByLabel(`Change ${name}`, { exact: true }).check()
  await expect(page.getByLabel('Script text')).toContainText("ALTER SYSTEM SET effective_cache_size = '12GB';")
  await page.getByRole('button', { name: 'Apply 3 settings…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText("ALTER SYSTEM SET random_page_cost = '1.1'").first()).toBeVisible()
  await expect(dialog.getByText('max_connections: 100 → 70, at the next restart.')).toBeVisible()
  await confirmRun(page, /Change settings/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const applied = page.url()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  await expect.poll(() => show('effective_cache_size'), { timeout: 30_000 }).toBe('12GB')
  expect([await show('random_page_cost'), await show('max_connections'), await pending('max_connections')]).toEqual([
    '1.1',
    former[2],
    true,
  ])

  await page.goto(`${CONFIGURATION}?show=all&ram=16&storage=nvme`)
  await expect(row(page, 'random_page_cost')).toContainText('ALTER SYSTEM')
  await expect(row(page, 'random_page_cost')).toContainText('keep')
  await expect(row(page, 'max_connections')).toContainText('pending restart: 70')

  await page.goto(applied)
  await openDialog(page, () => page.getByRole('region', { name: 'Undo' }).getByRole('button', { name: 'Undo…' }).click(CLICK))
  await expect(dialog.getByText('ALTER SYSTEM RESET random_page_cost').first()).toBeVisible()
  await confirmRun(page, /Change settings/)
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== applied)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  await expect.poll(() => show('effective_cache_size'), { timeout: 30_000 }).toBe(former[0])
  expect([await show('random_page_cost'), await pending('max_connections')]).toEqual([former[1], false])
  await server.end()
})
