import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { CLICK, openDialog } from './confirm'
import { MAINTENANCE, relationSize, sampleSession } from './sample'

test('a policy is confirmed once, and runs in its window by itself', async ({ page }) => {
  // An index that is large and mostly air, so that the rule has its object whatever earlier journeys rebuilt.
  const session = await sampleSession()
  await session.query(`
    create table policy_bloat (id int); insert into policy_bloat select generate_series(1, 400000);
    create index policy_bloat_id on policy_bloat (id); delete from policy_bloat where id % 4 <> 0`)
  await session.query('vacuum (analyze) policy_bloat')
  const before = await relationSize(session, 'policy_bloat_id')

  // Open now, for a day from this hour on: one night.
  const dialog = page.getByRole('dialog')
  await page.goto('/servers/sample')
  await openDialog(page, () => page.getByRole('button', { name: 'Add window…' }).click(CLICK))
  const times = { 'Opens (cron expression)': `0 ${new Date().getUTCHours()} * * *`, 'Time zone': 'UTC', 'Open for, in minutes': '1440' }
  for (const [label, value] of Object.entries({ Name: 'Policies', ...times })) await dialog.getByLabel(label).fill(value)
  await expect(dialog.getByText(/UTC, for 24 h/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Save window' }).click()
  await expect(dialog).toHaveCount(0)

  await page.goto(MAINTENANCE)
  await openDialog(page, () => page.getByRole('button', { name: 'Add policy…' }).click(CLICK))
  await dialog.getByLabel('Window', { exact: true }).selectOption('Policies')
  await dialog.getByLabel('and at least MB').fill('3')
  await dialog.getByLabel('Bloat, at least %').fill('19')
  await expect(dialog.getByRole('alert')).toBeVisible() // below the bound
  await dialog.getByLabel('Bloat, at least %').fill('50')
  await dialog.getByLabel('Indexes a night, at most').fill('1')
  await dialog.getByRole('checkbox', { name: /Accept checks that warn/ }).check()
  const shown = dialog.getByRole('listitem').filter({ hasText: 'policy_bloat_id' })
  await expect(shown).toContainText('Runs')
  await dialog.getByText('Exact SQL, as it would be sent now').click()
  await expect(dialog.getByText(/REINDEX INDEX CONCURRENTLY public\.policy_bloat_id/)).toBeVisible()
  await noSeriousViolation(page)
  const confirm = dialog.getByRole('button', { name: 'Confirm policy' })
  await expect(confirm).toBeDisabled()
  await dialog.getByLabel('Type lms to confirm').fill('lms')
  await confirm.click()
  await expect(dialog).toHaveCount(0)

  // The worker looks by itself; its night ends at the limit.
  const last = page.getByRole('region', { name: 'Last night of Rebuild bloated indexes' })
  await expect(async () => {
    await page.reload()
    await expect(
      last
        .getByText('Limit reached')
        .or(last.getByText('Done', { exact: true }))
        .first(),
    ).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 120_000 })
  expect(await relationSize(session, 'policy_bloat_id')).toBeLessThan(before / 2)
  await noSeriousViolation(page)
  await last.getByRole('link', { name: /^#\d+$/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done')
  await expect(page.getByText('Planned by a policy')).toBeVisible()
  await page.goto('/audit')
  await expect(page.getByText(/Night of a policy: runs #\d+/).first()).toBeVisible()
  await expect(page.getByText(/^By the policy that .* confirmed$/).first()).toBeVisible()

  await page.goto(MAINTENANCE)
  await page.getByRole('button', { name: 'Pause Rebuild bloated indexes' }).click()
  await expect(page.getByText(/^Paused by /)).toBeVisible()
  await page.getByRole('button', { name: 'Resume Rebuild bloated indexes' }).click()
  await expect(page.getByText(/^Paused by /)).toHaveCount(0)
  await page.getByRole('button', { name: 'Remove Rebuild bloated indexes' }).click()
  await page.getByRole('button', { name: 'Really remove Rebuild bloated indexes' }).click()
  await expect(page.getByText('No policy repeats here.')).toBeVisible()
  await page.goto('/servers/sample')
  await page.getByRole('button', { name: 'Remove Policies' }).click()
  await expect(page.getByRole('heading', { name: 'Policies' })).toHaveCount(0)
  await session.query('drop table policy_bloat')
  await session.end()
})
