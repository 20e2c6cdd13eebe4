import { expect, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { INDEXES, sampleSession } from './sample'

const INDEX = 'idx_progress_analytics'

test('a rebuild waits for an idle transaction; end its session, and the rebuild goes on to its end', async ({ page }) => {
  const holder = await sampleSession()
  await holder.query('begin isolation level repeatable read')
  await holder.query('select count(*) from student_progress')
  await holder.query('select pg_sleep(2.5)') // older than what the preflight lets pass without a word
  const { rows } = await holder.query('select pg_backend_pid() as pid')
  const ended = new Promise((resolve) => holder.once('end', resolve))

  await page.goto(`${INDEXES}?q=${INDEX}`)
  const dialog = page.getByRole('dialog')
  await openDialog(page, () => page.getByRole('button', { name: `Rebuild ${INDEX}`, exact: true }).click(CLICK))
  await confirmRun(page, /Run rebuild/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const rebuild = page.url()
  await page.getByRole('button', { name: `End pid ${rows[0].pid}…` }).click({ timeout: 60_000 })
  await expect(dialog.getByText(`pg_terminate_backend(pid, 5000)`)).toBeVisible()
  await expect(dialog.getByLabel(`Type pid ${rows[0].pid} to confirm`)).toBeVisible()
  await confirmRun(page, /End session/)

  await ended
  await expect(page).toHaveURL(rebuild)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('returned', { timeout: 60_000 })
})
