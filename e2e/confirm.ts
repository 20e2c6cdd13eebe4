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

/**
 * Opens the dialog by a click, once more where the page was not ready for the first. A dialog that is open covers what opens
 * it, so it is looked for before each click, which waits for `CLICK` at most.
 */
export async function openDialog(page: Page, click: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog')
  await expect(async () => {
    if (!(await dialog.isVisible())) await click()
    await expect(dialog).toBeVisible({ timeout: 2_000 })
  }).toPass()
}

export const CLICK = { timeout: 2_000 }
