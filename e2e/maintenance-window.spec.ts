import { expect, type Page, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { MAINTENANCE, sampleSession, TABLES } from './sample'

const INDEX = 'idx_section_progress_user_recent'

/** Opens the form, fills it in and keeps the window, once its words say what is meant. */
async function keepWindow(page: Page, button: string, fields: Record<string, string>, words: RegExp): Promise<void> {
  const dialog = page.getByRole('dialog')
  await page.goto('/servers/sample')
  await openDialog(page, () => page.getByRole('button', { name: button }).click(CLICK))
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value)
  await expect(dialog.getByText(words)).toBeVisible()
  await dialog.getByRole('button', { name: 'Save window' }).click()
  await expect(dialog).toHaveCount(0)
}

test('a rebuild waits for its window, which is moved, opens, and lets it start', async ({ page }) => {
  // Twelve hours away, so that it is closed however long this takes.
  const hour = String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')
  const times = { 'Opens (cron expression)': `0 ${hour} * * *`, 'Time zone': 'UTC', 'Open for, in minutes': '60' }
  await keepWindow(page, 'Add window…', { Name: 'Nightly', ...times }, new RegExp(`At ${hour}:00, UTC, for 1 h`))
  await expect(page.getByRole('list', { name: 'Next openings of Nightly' }).getByRole('listitem')).toHaveCount(3)

  await page.goto(MAINTENANCE)
  const dialog = page.getByRole('dialog')
  const box = page.getByRole('checkbox', { name: `Select rebuild of ${INDEX}` })
  const plan = page.getByRole('button', { name: 'Plan 1 step…' })
  await expect(box).toBeVisible()
  await expect(async () => {
    if (!(await plan.isVisible())) await box.click()
    await expect(plan).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await plan.click()
  // The dialog plans, and the window is its default.
  await expect(dialog.getByRole('heading', { name: /^Plan: Rebuild/ })).toBeVisible()
  await expect(dialog.getByLabel('Start')).toHaveValue('Nightly')
  await dialog.getByLabel('Give up').selectOption('After 2 h')
  await expect(dialog.getByText(`At ${hour}:00, UTC, for 1 h`)).toBeVisible()
  await confirmRun(page, /Plan rebuild in the window/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const run = page.url()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(new RegExp(`^Waits for \\w{3} \\d+ \\w{3}( \\d{4})? ${hour}:00 UTC\\.$`))
  await expect(page.getByText('after 2 h of waiting')).toBeVisible()
  await page.goto('/runs')
  await expect(page.getByRole('row').filter({ hasText: INDEX }).first()).toContainText(`${hour}:00 UTC, window Nightly.`)

  await page.goto('/servers/sample')
  await page.getByRole('button', { name: 'Remove Nightly' }).click()
  await expect(page.getByText('A run waits for this window')).toBeVisible()
  await keepWindow(page, 'Change Nightly…', { 'Opens (cron expression)': '* * * * *' }, /Every minute, UTC, for 1 h/)
  await expect(page.getByText('Open now')).toBeVisible()
  await page.goto(run)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  await expect(page.getByText(/the window was changed by .*: Nightly, Every minute/)).toBeVisible()

  await page.goto('/servers/sample')
  await page.getByRole('button', { name: 'Remove Nightly' }).click()
  await expect(page.getByRole('heading', { name: 'Nightly' })).toHaveCount(0)
})

test('VACUUM FULL that somebody holds up is tried again until the lock is free', async ({ page }) => {
  const holder = await sampleSession()
  await holder.query('begin')
  await holder.query('lock table courses in row exclusive mode')
  const { rows } = await holder.query('select pg_backend_pid() as pid')

  await page.goto(`${TABLES}?q=courses`)
  const dialog = page.getByRole('dialog')
  await page
    .getByRole('button', { name: /courses/ })
    .last()
    .click()
  await page.getByRole('menuitem', { name: 'Vacuum…' }).click()
  await dialog.getByRole('checkbox', { name: 'FULL' }).click()
  await expect(dialog.getByText(/VACUUM \(FULL, VERBOSE\) public\.courses/).first()).toBeVisible()
  await dialog.getByLabel('Give up').selectOption('After 30 min')
  await confirmRun(page, /Run VACUUM/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toHaveText(/^(Second|Third) try at \d\d:\d\d:\d\d UTC\.$/, { timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Waiting for' })).toContainText(`Blocked by pid ${rows[0].pid}`)
  await holder.query('rollback')
  await holder.end()
  await expect(title).toContainText('Done', { timeout: 60_000 })
  await expect(page.getByText('Tries stopped by a lock')).toBeVisible()
})
