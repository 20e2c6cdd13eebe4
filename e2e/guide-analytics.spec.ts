import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { CLICK, confirmRun, openDialog } from './confirm'
import { ANALYTICS, MAINTENANCE, sampleSession } from './sample'

test.afterAll(async () => {
  const server = await sampleSession()
  await server.query('drop materialized view if exists analytics.activity_days')
  await server.end()
})

test('a view is created, refreshed by a policy, and its age is told', async ({ page }) => {
  const dialog = page.getByRole('dialog')
  const rowOf = (view: string) => page.getByRole('row').filter({ hasText: `analytics.${view}` })
  const row = rowOf('activity_days')
  await page.goto(ANALYTICS)
  await expect(rowOf('leaderboard')).toContainText('Age unknown')
  await page.getByRole('button', { name: 'New view…' }).click()
  await openDialog(page, async () => {
    await page.getByRole('menuitem', { name: 'Activity by day and course' }).click(CLICK)
  })
  await expect(dialog.getByText(/CREATE MATERIALIZED VIEW analytics\.activity_days AS/).first()).toBeVisible()
  await expect(dialog.getByText('No code of others')).toBeVisible()
  await confirmRun(page, /Create view/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  await page.goto(ANALYTICS)
  await expect(row).toContainText('No policy')
  await expect(row).toContainText('concurrently')
  await expect(row.getByRole('link')).toHaveAttribute('href', /^\/runs\/\d+$/)

  // Open now, for a day from this hour on. The two views of unknown age are refreshed; the new one is young.
  await page.goto('/servers/sample')
  await openDialog(page, () => page.getByRole('button', { name: 'Add window…' }).click(CLICK))
  const times = { 'Opens (cron expression)': `0 ${new Date().getUTCHours()} * * *`, 'Time zone': 'UTC', 'Open for, in minutes': '1440' }
  for (const [label, value] of Object.entries({ Name: 'Views', ...times })) await dialog.getByLabel(label).fill(value)
  await dialog.getByRole('button', { name: 'Save window' }).click()
  await expect(dialog).toHaveCount(0)
  await page.goto(MAINTENANCE)
  await openDialog(page, () => page.getByRole('button', { name: 'Add policy…' }).click(CLICK))
  await dialog.getByLabel('What', { exact: true }).selectOption('Refresh materialized views')
  await dialog.getByLabel('Window', { exact: true }).selectOption('Views')
  await dialog.getByLabel('Older than, minutes').fill('60')
  await dialog.getByRole('checkbox', { name: /Accept checks that warn/ }).check()
  await expect(dialog.getByRole('listitem').filter({ hasText: 'leaderboard' })).toContainText('Runs')
  await expect(dialog.getByRole('listitem').filter({ hasText: 'activity_days' })).toHaveCount(0)
  await dialog.getByLabel('Type lms to confirm').fill('lms')
  await dialog.getByRole('button', { name: 'Confirm policy' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(async () => {
    await page.goto(ANALYTICS)
    for (const view of ['course_statistics', 'leaderboard', 'activity_days'])
      await expect(rowOf(view)).toContainText('Fresh', { timeout: 2_000 })
  }).toPass({ timeout: 120_000 })
  await expect(page.getByRole('img', { name: /% of what the policy allows/ })).toHaveCount(3)
  await noSeriousViolation(page)

  await page.goto(MAINTENANCE)
  await page.getByRole('button', { name: 'Remove Refresh materialized views' }).click()
  await page.getByRole('button', { name: 'Really remove Refresh materialized views' }).click()
  await expect(page.getByText('No policy repeats here.')).toBeVisible()
  await page.goto('/servers/sample')
  await page.getByRole('button', { name: 'Remove Views' }).click()
  await expect(page.getByRole('heading', { name: 'Views' })).toHaveCount(0)
})
