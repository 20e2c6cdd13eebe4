import { expect, type Page, test } from '@playwright/test'
import { CLICK } from './confirm'

const row = (page: Page) => page.locator('[data-server=sample][data-standing=sampled]')

async function setTags(page: Page, tags: string): Promise<void> {
  await page.goto('/servers/sample')
  const card = page.getByRole('region', { name: 'Tags' })
  await card.getByRole('textbox', { name: 'Tags' }).fill(tags)
  await card.getByRole('button', { name: 'Set tags' }).click(CLICK)
  await expect(card.getByRole('button', { name: 'Set tags' })).toBeDisabled()
}

test('a server is tagged, and the fleet narrowed by that, sorted, and opened', async ({ page }) => {
  await setTags(page, 'eu, env:journey, env:journey')
  await page.goto('/')
  await expect(row(page)).toContainText('env:journey')
  await page.getByRole('combobox', { name: 'env', exact: true }).selectOption('env:journey')
  await expect(page).toHaveURL(/tags=env:journey/)
  await expect(row(page)).toBeVisible()
  await page.getByRole('searchbox', { name: 'Server, tag or finding' }).fill('no such server')
  await expect(page.getByText('No server fits the filters.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(row(page)).toBeVisible()
  await page.getByRole('button', { name: 'Server', exact: true }).click()
  await expect(page.getByRole('columnheader', { name: 'Server' })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('button', { name: 'Compact' }).click()
  await expect(page).toHaveURL(/rows=compact/)
  await page.reload()
  await row(page).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/sample\/db\/lms\/overview$/)

  await page.goto('/servers/sample')
  await page.getByRole('textbox', { name: 'Tags' }).fill('<b>')
  await page.getByRole('button', { name: 'Set tags' }).click(CLICK)
  await expect(page.getByText('"<b>" is no tag')).toBeVisible()
  await setTags(page, '')
})
