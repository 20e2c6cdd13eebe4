import process from 'node:process'
import type { Page } from '@playwright/test'

export const ADMINISTRATOR = { name: 'M. Okafor', email: 'm.okafor@example.org', password: 'a long enough passphrase' }

/** Opens the one-time set-up link as a newcomer would, and becomes the administrator. */
export async function signUp(page: Page): Promise<void> {
  await page.goto(process.env.PROCTOR_TEST_SET_UP ?? '')
  await page.getByLabel('Name').fill(ADMINISTRATOR.name)
  await page.getByLabel('E-mail').fill(ADMINISTRATOR.email)
  await page.getByLabel('Password').fill(ADMINISTRATOR.password)
  await page.getByRole('button', { name: 'Make the administrator' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/set-up'))
}
