import { expect, test } from '@playwright/test'
import { confirmRun } from './confirm'
import { INDEXES, relationSize, sampleSession } from './sample'

const INDEX = 'idx_struggling_students'

test('find the bloated index, rebuild it, and read what it gave back', async ({ page }) => {
  const server = await sampleSession()
  const before = await relationSize(server, INDEX)

  await page.goto(`${INDEXES}?verdict=bloated`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('need attention')
  await page.getByRole('button', { name: `Rebuild ${INDEX}`, exact: true }).click()

  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(`REINDEX INDEX CONCURRENTLY public.${INDEX}`)).toBeVisible()
  await expect(dialog.getByText(/SHARE UPDATE EXCLUSIVE/i).first()).toBeVisible()
  await confirmRun(page, /Run rebuild/)

  await expect(page).toHaveURL(/\/runs\/\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('returned', { timeout: 60_000 })
  const after = await relationSize(server, INDEX)
  await server.end()
  expect(after).toBeLessThan(before * 0.8)
  await expect(page.getByText(`from ${size(before)}`).first()).toBeVisible()
  await expect(page.getByText(size(after), { exact: true }).first()).toBeVisible()

  await page.goto(`${INDEXES}?q=${INDEX}`)
  await expect(page.getByText(size(after)).first()).toBeVisible()
  await expect(page.getByRole('button', { name: `Rebuild ${INDEX}`, exact: true })).toHaveCount(0)
})

/** As the pages print it: 1,024 steps, one decimal. */
function size(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.round(bytes / 1024)} kB`
}
