import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { expect, type Page, test } from '@playwright/test'
import { STATEMENTS, sampleSession } from './sample'
import { joinInvited } from './sign-up'

/** Slow wherever it runs, and too much for work_mem: a set-returning function in FROM is kept before it is read. */
const SLOW = 'select count(*) from generate_series(1::int, 3000000::int) as slow_errand(n) where n % 7 = 0'
const READER = { name: 'Rosa Reader', email: 'rosa@example.org', password: 'four other plain words' }

const found = (page: Page) => page.getByRole('region', { name: 'Statements' }).getByRole('button', { name: /slow_errand/ })

async function sampleNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sample now' }).click()
  await expect(page.getByRole('button', { name: 'Sample now' })).toBeEnabled({ timeout: 75_000 })
}

test('find a slow query that was made on purpose, read its plan, and share a range of it', async ({ page, browser }) => {
  test.setTimeout(300_000)
  const server = await sampleSession()
  await page.goto(STATEMENTS)
  await sampleNow(page) // what comes after it is within a sample
  for (let call = 0; call < 3; call++) await server.query(SLOW)
  await server.end()
  await expect(async () => {
    await sampleNow(page)
    await page.goto(`${STATEMENTS}?min=100&q=slow_errand`)
    await expect(found(page)).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 150_000 })

  await found(page).click()
  const drawer = page.getByRole('dialog', { name: /^Statement SELECT/ })
  await expect(drawer.getByText('3 calls')).toBeVisible()
  await expect(drawer.getByText(/does not fit into work_mem/)).toBeVisible()
  await drawer.getByRole('button', { name: 'Explain', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: /% of the cost is/ })
  const plan = page.getByRole('table', { name: 'Plan' })
  const scan = plan.getByRole('row', { name: /Function Scan/ })
  await expect(scan).toContainText('pg_catalog.generate_series slow_errand')
  await scan.click()
  const selected = page.getByRole('region', { name: 'Selected node' })
  await expect(selected).toContainText('Function Call')
  await expect(page.getByRole('region', { name: 'Statement', exact: true }).locator('mark')).toContainText('generate_series')
  await page.getByRole('tab', { name: 'Diff' }).click()
  await expect(sheet.getByText(/No earlier plan of this statement/)).toBeVisible()

  // What is missing is told before anything is sent; what a captured example told is there already.
  await page.getByRole('button', { name: 'Analyze…' }).click()
  const form = page.getByRole('form', { name: 'Analyze' })
  await expect(form).toContainText('Needs 4 values')
  const values = form.getByRole('textbox')
  await values.nth(2).fill('')
  await form.getByRole('button', { name: 'Run EXPLAIN ANALYZE' }).click()
  await expect(form.getByRole('alert')).toContainText('$3')
  for (const [parameter, value] of ['1', '3000000', '7', '0'].entries()) {
    await form.getByRole('textbox', { name: `$${parameter + 1} integer` }).fill(value)
  }
  await form.getByRole('spinbutton', { name: 'Time-out, seconds' }).fill('60')
  await form.getByRole('button', { name: 'Run EXPLAIN ANALYZE' }).click()
  await expect(plan.getByRole('columnheader', { name: 'Self time' })).toBeVisible({ timeout: 60_000 })
  await expect(plan).toContainText(/spills \d+ temporary blocks/)
  await plan.getByRole('row', { name: /Function Scan/ }).click()
  await expect(selected).toContainText('428,571')
  await page.getByRole('button', { name: 'Hottest first' }).click()
  await expect(plan.getByRole('row').nth(1)).toContainText('Function Scan')
  await page.getByRole('tab', { name: 'Text' }).click()
  await expect(page.getByRole('region', { name: 'Plan as text' })).toContainText('Execution Time:')
  await page.getByRole('tab', { name: 'Diff' }).click()
  await expect(page.getByRole('table', { name: 'Plans compared' }).getByRole('row')).toHaveCount(3)
  await page.getByRole('button', { name: 'Close plan' }).click()
  await drawer.getByRole('button', { name: /^Close/ }).click()

  // The newest buckets, selected by the keyboard as by dragging.
  const chart = page.getByRole('slider', { name: /^Average active sessions by statement/ })
  await chart.press('End')
  for (let bucket = 0; bucket < 12; bucket++) await chart.press('Shift+ArrowLeft')
  await chart.press('Enter')
  await expect(page).toHaveURL(/from=.*&to=/)
  await expect(found(page)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Custom' })).toHaveAttribute('aria-pressed', 'true')
  const chosen = new URL(page.url()).searchParams
  const minute = (name: string) => (chosen.get(name) ?? '').slice(11, 16)
  await expect(chart).toHaveAttribute('aria-label', new RegExp(` ${minute('from')} to (?:\\d+ \\w+ )?${minute('to')} UTC$`)) // all of a young history may be chosen
  const shown = await chart.getAttribute('aria-label')

  // The same list as a file.
  await page.getByRole('button', { name: 'Export' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  const [heading, ...lines] = (await readFile(await (await saved).path(), 'utf8')).split('\r\n')
  expect(heading).toContain('calls,total_time_ms,')
  expect(lines.filter((line) => line.includes('slow_errand'))).toHaveLength(1)

  // Against a range of somebody's own, longer than this one: told, and in the link.
  await page
    .getByRole('group', { name: 'Order' })
    .getByRole('button', { name: /^Changes/ })
    .click()
  await page.getByLabel('Compare with').selectOption('Against another range…')
  const dialog = page.getByRole('dialog', { name: 'The other range' })
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)
  await dialog.getByLabel('From').fill(minutesAgo(120))
  await dialog.getByLabel('To').fill(minutesAgo(0))
  await dialog.getByRole('button', { name: 'Compare' }).click()
  const compared = page.getByRole('region', { name: 'What is compared' })
  await expect(compared).toContainText(/UTC: 2 h/)
  await expect(compared).toContainText('The two overlap by')
  await expect(page).toHaveURL(/vs=range&vfrom=.*&vto=/)
  const ranges = (await compared.innerText()).match(/\d{1,2} \w{3} .* UTC: [^,]+/g) ?? []
  expect(ranges).toHaveLength(2)

  const other = await browser.newContext({ baseURL: process.env.PROCTOR_TEST_ORIGIN, storageState: { cookies: [], origins: [] } })
  const theirs = await other.newPage()
  const link = page.url()
  await joinInvited(page, theirs, READER)
  await theirs.goto(link)
  await expect(theirs.getByRole('slider', { name: /^Average active sessions/ })).toHaveAttribute('aria-label', shown ?? '')
  for (const range of ranges) await expect(theirs.getByRole('region', { name: 'What is compared' })).toContainText(range)
  await theirs.getByRole('group', { name: 'Order' }).getByRole('button', { name: 'By total time' }).click()
  await found(theirs).click()
  const theirDrawer = theirs.getByRole('dialog', { name: /^Statement SELECT/ })
  await expect(theirDrawer.getByText('3 calls')).toBeVisible()
  // The sample is watched as a superuser: a plan of it is for operators.
  await expect(theirDrawer.getByRole('button', { name: 'Explain', exact: true })).toBeDisabled()
  await expect(theirDrawer.getByText(/A plan takes an operator here/)).toBeVisible()
  await other.close()

  await page.goto('/audit')
  await expect(page.getByRole('row').filter({ hasText: 'query.analyzed' }).first()).toBeVisible()
})

test('a hint on NOT IN says what NULLs do, and shows the plans of both texts', async ({ page }) => {
  const server = await sampleSession()
  await server.query('select id from lessons where id not in (select current_lesson_id from student_progress)')
  await server.end()
  await page.goto(`${STATEMENTS}?reset=true&q=id+not+in+%28select+current_lesson_id`)
  await page
    .getByRole('region', { name: 'Statements' })
    .getByRole('button', { name: /lessons/ })
    .first()
    .click()
  const hint = page.getByRole('region', { name: 'Hints' }).getByRole('article', { name: /student_progress\.current_lesson_id/ })
  await expect(hint.getByLabel('Rewritten: SQL')).toContainText('EXISTS')
  await expect(hint.locator('mark').filter({ hasText: 'EXISTS' })).toBeVisible()
  await hint.getByRole('button', { name: 'Show plans' }).click()
  const compared = page.getByRole('table', { name: 'Plans compared' })
  await expect(compared).toContainText(/SubPlan|Seq Scan/)
  await expect(compared).toContainText('Anti')
})
