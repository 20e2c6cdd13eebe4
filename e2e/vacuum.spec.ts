import { expect, test } from '@playwright/test'
import { confirmRun } from './confirm'
import { sampleSession, TABLES } from './sample'

test('VACUUM a table and see its dead rows fall', async ({ page }) => {
  const server = await sampleSession()
  const dead = async () => {
    const { rows } = await server.query(`select n_dead_tup::int as n from pg_stat_user_tables where relname = 'quiz_results'`)
    return rows[0].n as number
  }
  const before = await dead()
  expect(before).toBeGreaterThan(1000)

  await page.goto(TABLES)
  await page
    .getByRole('button', { name: /quiz_results/ })
    .last()
    .click()
  await page.getByRole('menuitem', { name: 'Vacuum…' }).click()
  await expect(
    page
      .getByRole('dialog')
      .getByText(/VACUUM .*public\.quiz_results/)
      .first(),
  ).toBeVisible()
  await confirmRun(page, /Run vacuum/i)

  await expect(page.getByRole('heading', { level: 1 })).toContainText('dead rows removed', { timeout: 60_000 })
  await expect.poll(dead).toBeLessThan(before / 10)
  await server.end()
})
