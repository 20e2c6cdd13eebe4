import { expect, test } from '@playwright/test'
import { confirmRun } from './confirm'
import { INDEXES, sampleSession } from './sample'

test('run the health check, and install its functions in the database', async ({ page }) => {
  const server = await sampleSession()
  await server.query('drop function if exists monitor_index_health(text); drop function if exists check_index_bloat(text, numeric, bigint)')

  await page.goto(INDEXES)
  await expect(page.getByText('No health check has run on this database yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Run health check' }).click()
  await expect(page.getByText(/Last health check .* by m\.okafor@example\.org: \d+ indexes checked/)).toBeVisible({ timeout: 60_000 })

  await page.getByRole('button', { name: 'Install its functions…' }).click()
  await confirmRun(page, /Install functions/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done')
  const { rows } = await server.query(`select recommendation from monitor_index_health() where index_name = 'idx_sections_lesson_id'`)
  expect(rows).toEqual([{ recommendation: expect.stringContaining('REDUNDANT') }])
  await server.end()
})
