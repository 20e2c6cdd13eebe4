import { expect, test } from '@playwright/test'
import { OVERVIEW, PAGES } from './sample'

/** Pixels that a sentence needs in order to be read. */
const READABLE = 200

for (const width of [390, 768]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } })

    test('findings have room for their sentences', async ({ page }) => {
      await page.goto(OVERVIEW)
      const findings = page.getByRole('region', { name: 'Findings' }).getByRole('listitem')
      await expect(findings.first()).toBeVisible()
      for (const finding of await findings.all()) {
        const box = await finding.getByRole('heading').boundingBox()
        expect(box?.width).toBeGreaterThan(READABLE)
      }
    })

    for (const path of PAGES) {
      test(`${path} is no wider than the window`, async ({ page }) => {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      })
    }
  })
}
