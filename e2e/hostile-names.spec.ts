import { expect, type Page, test } from '@playwright/test'
import { confirmRun } from './confirm'
import { INDEXES, sampleSession, TABLES } from './sample'

const HOSTILE = [
  `x"; drop table users; --`,
  `<img src=x onerror=alert(1)>`,
  `<svg/onload=alert(2)>\${7*7}{{7*7}}`,
  `${'ä😀ß'.repeat(7)}ééé'`, // 63 bytes
]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** The table's name with an ending, within 63 bytes. */
const indexOf = (name: string): string =>
  `${[...name].reduce((kept, one) => (Buffer.byteLength(kept + one) > 60 ? kept : kept + one), '')} i`

test.beforeAll(async () => {
  const server = await sampleSession()
  for (const name of HOSTILE) {
    await server.query(`create table ${quoted(name)} (${quoted(name)} text); create index ${quoted(indexOf(name))} on ${quoted(name)} (${quoted(name)});
      insert into ${quoted(name)} select '<b>' || i from generate_series(1, 500) i; analyze ${quoted(name)}`)
  }
  await server.end()
})
test.afterAll(async () => {
  const server = await sampleSession()
  for (const name of HOSTILE) await server.query(`drop table ${quoted(name)}`)
  await server.end()
})

/** Fails as soon as a name becomes more than text: a dialog, a request that it made, an element of its own. */
function watch(page: Page): { nothing: () => Promise<void> } {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => /\/x$/.test(new URL(request.url()).pathname) && seen.push(request.url()))
  return {
    nothing: async () => {
      expect(seen).toEqual([])
      expect(await page.locator('img[src="x"], [onerror], [onload], b:text-is("1")').count()).toBe(0)
    },
  }
}

for (const name of HOSTILE) {
  test(`${JSON.stringify(name)} is text on every page`, async ({ page }) => {
    const { nothing } = watch(page)
    const index = indexOf(name)
    const dialog = page.getByRole('dialog')
    const filter = `?q=${encodeURIComponent(name.slice(0, 12))}`

    await page.goto(TABLES + filter)
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
    await nothing()

    await page.goto(INDEXES + filter)
    const row = page.getByRole('row').filter({ hasText: index })
    await expect(row).toBeVisible()
    await nothing()
    await expect(async () => {
      await row.getByText(index, { exact: true }).first().click()
      await expect(page.getByText('Why this verdict')).toBeVisible({ timeout: 3_000 })
    }).toPass()
    await expect(page.getByRole('heading', { name: index, exact: true })).toBeVisible()
    await nothing()

    await page.getByRole('button', { name: 'Reindex…', exact: true }).click()
    await expect(dialog.getByRole('heading', { name: `Rebuild ${index} on` })).toBeVisible()
    await expect(dialog.getByText(`REINDEX INDEX CONCURRENTLY public.${quoted(index)}`)).toBeVisible()
    await nothing()
    await confirmRun(page, /Run rebuild/)
    await expect(page).toHaveURL(/\/runs\/\d+$/)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
    await expect(page.getByRole('heading', { name: `REINDEX INDEX CONCURRENTLY public.${quoted(index)}`, exact: true })).toBeVisible()
    await nothing()

    await page.goto('/runs')
    await expect(page.getByText(quoted(index)).first()).toBeVisible()
    await nothing()
    await page.goto('/audit')
    await expect(page.getByText(index).first()).toBeVisible()
    await nothing()
  })
}

test('after all of that the users are there', async () => {
  const server = await sampleSession()
  expect((await server.query('select count(*)::int > 0 as there from users')).rows).toEqual([{ there: true }])
  await server.end()
})
