import { expect, type Page } from '@playwright/test'

/** Waits for the plan, types what is asked for where something warns, and runs it. */
export async function confirmRun(page: Page, run: RegExp): Promise<void> {
  const dialog = page.getByRole('dialog')
  const button = dialog.getByRole('button', { name: run })
  const phrase = dialog.getByLabel(/^Type .* to confirm$/)
  await expect(dialog.getByText(/\d+ pass/)).toBeVisible()
  if (await phrase.isVisible()) {
    const asked = (await phrase.getAttribute('aria-label')) ?? ''
    await expect(button).toBeDisabled()
    await phrase.fill(asked.replace(/^Type (.*) to confirm$/, '$1'))
  }
  await button.click()
}
