import { expect, test } from '@playwright/test'
import { confirmRun, openDialog } from './confirm'
import { lookUntil } from './look-until'
import { REPLICATION, sampleSession } from './sample'

test('a slot that was left behind: found with what it keeps, dropped by a confirmed run, and gone', async ({ page }) => {
  const server = await sampleSession()
  const slots = async () =>
    (await server.query(`select count(*)::int as n from pg_replication_slots where slot_name = 'journey_left'`)).rows[0].n
  await server.query(`select pg_create_physical_replication_slot('journey_left', true)`)
  // More than a tenth of max_wal_size, in messages that nobody reads.
  await server.query(
    `select count(pg_logical_emit_message(false, 'journey', repeat('x', 1048576)))
       from generate_series(1, (select setting::int / 8 from pg_settings where name = 'max_wal_size'))`,
  )
  await page.goto(REPLICATION)
  const slot = page.getByRole('region', { name: 'Topology' }).getByRole('listitem').filter({ hasText: 'journey_left' })
  await expect(slot).toContainText('no reader')
  // From 17 on a slot is told once nobody has read it for a minute.
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/No problems in .*slot/)
  const advice = page.getByRole('region', { name: 'What to do' }).getByRole('listitem').filter({ hasText: 'journey_left' })
  await expect(advice).toContainText('max_slot_wal_keep_size is -1', { timeout: 120_000 })
  const finding = page.getByRole('heading', { name: /^Slot journey_left has no reader and retains/ })
  await lookUntil(page, () => expect(finding).toBeVisible({ timeout: 5_000 }))
  await page.goto(REPLICATION)

  await openDialog(page, () => advice.getByRole('button', { name: /^Drop slot…/ }).click())
  await expect(page.getByRole('dialog').getByText("pg_drop_replication_slot('journey_left')").first()).toBeVisible()
  await confirmRun(page, /Drop slot/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('the slot is gone', { timeout: 60_000 })
  expect(await slots()).toBe(0)

  await page.goto(REPLICATION)
  await expect(page.getByRole('region', { name: 'Retained WAL', exact: true })).toContainText('No replication slot')
  await expect(page.getByRole('region', { name: 'Topology' })).not.toContainText('journey_left')
  await expect(page.getByRole('region', { name: 'What to do' })).not.toContainText('journey_left')
  await lookUntil(page, () => expect(finding).toHaveCount(0, { timeout: 5_000 }))
  await page.getByRole('button', { name: /ended in the last 24 h/ }).click()
  const ended = page.getByRole('region', { name: 'Ended findings' }).getByRole('listitem').filter({ hasText: 'journey_left' })
  await expect(ended.getByRole('link', { name: /^run #\d+$/ }).first()).toBeVisible()
  await server.end()
})
