import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { CLICK, openDialog } from './confirm'
import { INDEXES, PAGES, STATEMENTS, STORAGE, sampleSession, TABLES } from './sample'

/** The same pages as they are filtered, and those of one thing. */
const MORE = [
  `${STATEMENTS}?show=changes&vs=range&vfrom=2026-01-01T00:00:00.000Z&vto=2036-01-01T00:00:00.000Z`,
  `${INDEXES}?verdict=missing`,
  `${STORAGE}?schema=public&view=list`,
  '/servers/sample',
  '/runs/1',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    for (const path of [...PAGES, ...MORE]) {
      test(`axe finds nothing serious on ${path}`, async ({ page }) => {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await noSeriousViolation(page)
      })
    }

    test('axe finds nothing serious on the page of a table, tab by tab', async ({ page }) => {
      const server = await sampleSession()
      const { rows } = await server.query(`select 'student_progress'::regclass::oid as oid`)
      await server.end()
      await page.goto(`${TABLES}/${rows[0].oid}`)
      const tabs = page.getByRole('group', { name: 'Part of the page' }).getByRole('button')
      await expect(tabs.first()).toBeVisible()
      for (const tab of await tabs.all()) {
        await tab.click()
        await noSeriousViolation(page)
      }
    })

    test('axe finds nothing serious in the drawer and the confirmation', async ({ page }) => {
      const server = await sampleSession()
      const { rows } = await server.query(`select 'idx_progress_tracking'::regclass::oid as oid`)
      await server.end()
      await page.goto(`${INDEXES}?index=${rows[0].oid}`)
      await expect(page.getByText('Why this verdict')).toBeVisible()
      await noSeriousViolation(page)
      await page
        .getByRole('button', { name: /Reindex…|Rebuild…/ })
        .last()
        .click()
      await expect(page.getByRole('dialog').getByText(/\d+ pass/)).toBeVisible()
      await noSeriousViolation(page)
    })

    test('axe finds nothing serious in the drawer of a statement with its plan', async ({ page }) => {
      await page.goto(`${STATEMENTS}?q=slow_errand`) // what the journey to a slow query has left
      await page
        .getByRole('region', { name: 'Statements' })
        .getByRole('button', { name: /slow_errand/ })
        .first()
        .click()
      await page.getByRole('dialog').getByRole('button', { name: 'Explain', exact: true }).click()
      await expect(page.getByRole('table', { name: 'Plan' })).toBeVisible()
      await page.getByRole('button', { name: 'Analyze…' }).click(CLICK)
      await noSeriousViolation(page)
      for (const tab of ['Text', 'JSON', 'Diff']) {
        await page.getByRole('tab', { name: tab }).click(CLICK)
        await noSeriousViolation(page)
      }
    })

    test('axe finds nothing serious in the forms of a new index and of table options', async ({ page }) => {
      const dialog = page.getByRole('dialog')
      await page.goto(INDEXES)
      await openDialog(page, async () => {
        await page.getByRole('button', { name: 'New index…' }).click(CLICK)
      })
      await dialog.getByLabel('Definition').fill('drop table users')
      await dialog.getByRole('button', { name: 'Plan it…' }).click()
      await expect(dialog.getByText('A CREATE INDEX is taken, not Drop')).toBeVisible()
      await noSeriousViolation(page)
      await page.goto(`${TABLES}?q=section_progress`)
      await openDialog(page, async () => {
        await page.getByRole('button', { name: 'Actions for section_progress' }).click(CLICK)
        await page.getByRole('menuitem', { name: 'Options…' }).click(CLICK)
      })
      await dialog.getByLabel('autovacuum_vacuum_scale_factor', { exact: true }).fill('1000')
      await expect(dialog.getByText('A number from 0 to 100')).toBeVisible()
      await noSeriousViolation(page)
    })
  })
}

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } })
  test('axe finds nothing serious on the sign-in page', async ({ page }) => {
    await page.goto('/sign-in')
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await noSeriousViolation(page)
  })
})
