import { expect, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { sampleSession, TABLES } from './sample'

test.beforeAll(async () => {
  const server = await sampleSession()
  await server.query(`create table journey_tuned (id int, note text) with (autovacuum_vacuum_threshold = 700, fillfactor = 80);
    create materialized view journey_view as select id from journey_tuned; create unique index journey_view_id on journey_view (id)`)
  await server.end()
})
test.afterAll(async () => {
  const server = await sampleSession()
  await server.query('drop table journey_tuned cascade')
  await server.end()
})

test("change a table's options, see them take effect, and undo it from the receipt", async ({ page }) => {
  const server = await sampleSession()
  const options = async () => (await server.query(`select reloptions from pg_class where relname = 'journey_tuned'`)).rows[0].reloptions
  const before = await options()
  const dialog = page.getByRole('dialog')
  await page.goto(`${TABLES}?q=journey_tuned`)
  await openDialog(page, async () => {
    await page.getByRole('button', { name: 'Actions for journey_tuned' }).click(CLICK)
    await page.getByRole('menuitem', { name: 'Options…' }).click(CLICK)
  })
  const threshold = dialog.getByLabel('autovacuum_vacuum_threshold', { exact: true })
  await expect(threshold).toHaveValue('700')
  await expect(dialog.getByLabel('autovacuum_vacuum_scale_factor', { exact: true })).toHaveAttribute('placeholder', '0.2')
  await threshold.fill('-5')
  await expect(dialog.getByText(/^A whole number from 0 to/)).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Plan it…' })).toBeDisabled()
  await threshold.fill('1000')
  await dialog.getByLabel('autovacuum_vacuum_scale_factor', { exact: true }).fill('0.05')
  await dialog.getByRole('button', { name: 'Reset fillfactor' }).click()
  await expect(dialog.getByText('3 changes')).toBeVisible()
  await dialog.getByRole('button', { name: 'Plan it…' }).click()
  await expect(dialog.getByText('autovacuum_vacuum_threshold: 700 → 1000.')).toBeVisible()
  await confirmRun(page, /Change options/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const changed = page.url()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect(await options()).toEqual(['autovacuum_vacuum_threshold=1000', 'autovacuum_vacuum_scale_factor=0.05'])

  await page.getByRole('region', { name: 'Undo' }).getByRole('button', { name: 'Undo…' }).click()
  await expect(dialog.getByText('autovacuum_vacuum_threshold: 1000 → 700.')).toBeVisible()
  await confirmRun(page, /Change options/)
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== changed)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect((await options()).sort()).toEqual(before.sort())
  await server.end()
})

test('refresh a materialized view beside its readers', async ({ page }) => {
  const server = await sampleSession()
  await server.query('insert into journey_tuned (id) values (1), (2)')
  await page.goto(`${TABLES}?show=views&q=journey_view`)
  await expect(page.getByText('refreshed CONCURRENTLY')).toBeVisible()
  const dialog = page.getByRole('dialog')
  await openDialog(page, async () => {
    await page.getByRole('button', { name: 'Actions for journey_view' }).click(CLICK)
    await page.getByRole('menuitem', { name: 'Refresh…' }).click(CLICK)
  })
  await expect(dialog.getByText('REFRESH MATERIALIZED VIEW CONCURRENTLY public.journey_view')).toBeVisible()
  await confirmRun(page, /Refresh view/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect((await server.query('select count(*)::int as rows from journey_view')).rows).toEqual([{ rows: 2 }])
  await server.end()
})
