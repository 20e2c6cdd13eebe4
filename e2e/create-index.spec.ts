import { expect, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { INDEXES, sampleSession } from './sample'

const INDEX = 'journey_order_buyer_id_idx'

test.beforeAll(async () => {
  const server = await sampleSession()
  await server.query(`create table journey_buyer (id int primary key);
    create table journey_order (id int primary key, buyer_id int constraint journey_order_buyer references journey_buyer);
    insert into journey_buyer select generate_series(1, 100);
    insert into journey_order select i, i % 100 + 1 from generate_series(1, 200000) i; analyze journey_order`)
  await server.end()
})
test.afterAll(async () => {
  const server = await sampleSession()
  await server.query('drop table journey_order, journey_buyer')
  await server.end()
})

test('a foreign key without an index: build it from the finding, and undo it from the receipt', async ({ page }) => {
  const server = await sampleSession()
  const isValid = async () =>
    (await server.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [INDEX])).rows[0]?.indisvalid
  await page.goto(INDEXES)
  const dialog = page.getByRole('dialog')
  const create = page.getByRole('button', { name: /^Create index: Foreign key journey_order_buyer / })
  await openDialog(page, async () => {
    await create.click(CLICK)
  })
  await expect(dialog.getByText(`CREATE INDEX CONCURRENTLY ${INDEX} ON public.journey_order (buyer_id)`)).toBeVisible()
  await expect(dialog.getByText('No index does this already')).toBeVisible()
  await confirmRun(page, /Create index/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const made = page.url()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done: built', { timeout: 60_000 })
  expect(await isValid()).toBe(true)

  await page.getByRole('region', { name: 'Undo' }).getByRole('button', { name: 'Undo…' }).click()
  await expect(dialog.getByText(`DROP INDEX CONCURRENTLY public.${INDEX}`).first()).toBeVisible()
  await expect(dialog.getByText('No other index serves foreign key journey_order_buyer')).toBeVisible()
  await confirmRun(page, /Drop index/)
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== made)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect(await isValid()).toBeUndefined()
  await server.end()
})

test('a typed definition is read as exactly one CREATE INDEX, and what a failed build leaves can be dropped', async ({ page }) => {
  await page.goto(INDEXES)
  const dialog = page.getByRole('dialog')
  await openDialog(page, async () => {
    await page.getByRole('button', { name: 'New index…' }).click(CLICK)
  })
  const field = dialog.getByLabel('Definition')
  const plan = dialog.getByRole('button', { name: 'Plan it…' })
  await field.fill('create index a on public.users (email); drop table users')
  await plan.click()
  await expect(dialog.getByText('Exactly one CREATE INDEX is taken, not 2 statements')).toBeVisible()
  await field.fill('create unique index journey_order_buyer on public.journey_order (buyer_id)')
  await plan.click()
  await expect(dialog.getByText('CREATE UNIQUE INDEX CONCURRENTLY journey_order_buyer')).toBeVisible()
  await expect(dialog.getByText('It must find no duplicates')).toBeVisible()
  await confirmRun(page, /Create index/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Failed', { timeout: 60_000 })
  const failed = page.url()
  const left = page.getByRole('region', { name: 'Left behind' })
  await expect(left).toContainText('public.journey_order_buyer')
  await left.getByRole('button', { name: 'Remove leftover…' }).click()
  await confirmRun(page, /Drop leftover/)
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== failed)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  await page.goto(failed)
  await expect(left).toContainText('Removed by run')
})

test('the list begins on the first screen, and a selection offers each command with its count', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(INDEXES)
  const table = page.getByRole('region', { name: 'Indexes', exact: true }).getByRole('table')
  const fold = page.getByRole('button', { name: /^Fold the charts/ }).first()
  const top = async () => (await table.boundingBox())?.y ?? Number.NaN
  await expect(fold).toBeVisible()
  expect(await top()).toBeLessThanOrEqual(420)

  const select = async (name: string | RegExp) => {
    const box = page.getByRole('checkbox', { name })
    await expect(async () => {
      if ((await box.getAttribute('aria-checked')) !== 'true') await box.click()
      await expect(box).toBeChecked({ timeout: 1_000 })
    }).toPass()
  }
  await select(/^Select Foreign key journey_order_buyer /)
  await select('Select idx_learning_path')
  const bar = page.getByRole('region', { name: 'Selection' })
  await expect(bar.getByRole('button', { name: 'Create 1 index…' })).toBeEnabled()
  await expect(bar.getByRole('button', { name: 'Rebuild 1 index…' })).toBeEnabled()
  await expect(bar.getByRole('button', { name: /^Drop/ })).toHaveCount(0)
  await bar.getByRole('button', { name: /^Clear/ }).click()

  await fold.click()
  await expect.poll(top).toBeLessThanOrEqual(300)
  await page.reload()
  await expect.poll(top).toBeLessThanOrEqual(300)
  await page.getByRole('button', { name: /^Charts/ }).click()
  await expect(fold).toBeVisible()
})
