import { expect, type Page } from '@playwright/test'
import { CLICK } from './confirm'
import { OVERVIEW } from './sample'

/** Lets the checks look, again and again, until the overview says what is expected. */
export async function lookUntil(page: Page, expected: () => Promise<void>, overview = OVERVIEW): Promise<void> {
  const look = page.getByRole('button', { name: 'Check now' })
  await page.goto(overview)
  await expect(async () => {
    if (await look.isEnabled()) await look.click(CLICK)
    await expected()
  }).toPass({ timeout: 120_000 })
}
