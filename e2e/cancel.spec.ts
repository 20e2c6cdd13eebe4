import { expect, test } from '@playwright/test'
import { confirmRun } from './confirm'
import { INDEXES, sampleSession } from './sample'

const INDEX = 'idx_active_students'

test('a rebuild waits behind an open transaction; cancel it and remove what it left', async ({ page }) => {
  const holder = await sampleSession()
  await holder.query('begin isolation level repeatable read')
  await holder.query('select count(*) from student_progress')
  await holder.query('select pg_sleep(2.5)') // older than what the preflight lets pass without a word
  const { rows } = await holder.query('select pg_backend_pid() as pid')

  await page.goto(`${INDEXES}?q=${INDEX}`)
  await page.getByRole('button', { name: `Rebuild ${INDEX}`, exact: true }).click()
  await confirmRun(page, /Run rebuild/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(page.getByText(`Waiting for pid ${rows[0].pid}`, { exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: `End pid ${rows[0].pid}…` })).toBeVisible()

  await page.getByRole('button', { name: 'Cancel run…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancelled.')
  await holder.query('rollback')

  const { rows: left } = await holder.query(`select count(*)::int as n from pg_class where relname like '${INDEX}_ccnew%'`)
  expect(left[0].n).toBe(1)
  await page.getByRole('button', { name: 'Remove leftover…' }).click()
  await confirmRun(page, /Drop|Remove|Run/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done')
  const { rows: gone } = await holder.query(`select count(*)::int as n from pg_class where relname like '${INDEX}_ccnew%'`)
  expect(gone[0].n).toBe(0)
  const { rows: kept } = await holder.query(`select indisvalid from pg_index where indexrelid = '${INDEX}'::regclass`)
  expect(kept[0].indisvalid).toBe(true)
  await holder.end()
})
