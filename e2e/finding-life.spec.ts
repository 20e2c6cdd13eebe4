import { expect, test } from '@playwright/test'
import { confirmRun, openDialog } from './confirm'
import { OVERVIEW, sampleSession } from './sample'

test('a finding: acknowledged, snoozed with a reason, taken back, fixed by a run, and ended by it', async ({ page }) => {
  const [holder, waiter] = await Promise.all([sampleSession(), sampleSession()])
  await holder.query('create table if not exists blocked_here (id int)')
  await holder.query('begin; lock table blocked_here')
  const { rows } = await holder.query('select pg_backend_pid() as pid')
  const waits = waiter.query('select count(*) from blocked_here').catch(() => undefined)

  await page.goto(OVERVIEW)
  const finding = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: `pid ${rows[0].pid} blocks 1 session` }) })
  const look = page.getByRole('button', { name: 'Check now' })
  // It counts once the wait has lasted ten seconds.
  await expect(async () => {
    if (await look.isEnabled()) await look.click()
    await expect(finding).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await expect(finding.getByText('New', { exact: true })).toBeVisible()

  const dialog = page.getByRole('dialog')
  await openDialog(page, () => finding.getByRole('button', { name: /^Acknowledge/ }).click())
  await dialog.getByLabel('Note').fill('Asked whoever left it')
  await dialog.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(finding).toContainText('Asked whoever left it')

  const choose = async (item: string) => {
    await finding.getByRole('button', { name: /^More about/ }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await choose('Snooze…')
  await expect(dialog.getByRole('button', { name: 'Snooze', exact: true })).toBeDisabled()
  await dialog.getByRole('button', { name: '1 h' }).click()
  await dialog.getByLabel(/^Reason/).fill('They commit within the hour')
  await dialog.getByRole('button', { name: 'Snooze', exact: true }).click()
  await expect(finding).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(finding).toHaveCount(0)
  await page.getByRole('button', { name: /^Show \d+ snoozed/ }).click()
  await expect(finding).toContainText('They commit within the hour')
  await choose('End snooze')
  await expect(finding).toContainText('Asked whoever left it')

  await openDialog(page, () => finding.getByRole('button', { name: /^(End|Terminate)/ }).click())
  await confirmRun(page, /End session/)
  await waits

  await page.goto(OVERVIEW)
  await expect(finding).toHaveCount(0)
  await page.getByRole('button', { name: /ended in the last 24 h/ }).click()
  const ended = page
    .getByRole('region', { name: 'Ended findings' })
    .getByRole('listitem')
    .filter({ hasText: `pid ${rows[0].pid} blocks` })
  await expect(ended.getByRole('link', { name: /^run #\d+$/ })).toBeVisible()
  await waiter.query('drop table blocked_here')
  await Promise.all([holder.end().catch(() => undefined), waiter.end()])
})
