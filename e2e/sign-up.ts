import process from 'node:process'
import { expect, type Page } from '@playwright/test'

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

export interface Guest {
  name: string
  email: string
  password: string
}

/** The administrator on `page` invites a viewer, who joins on a page of their own. Resolves with the link. */
export async function joinInvited(page: Page, theirs: Page, guest: Guest): Promise<string> {
  await page.goto('/users')
  await page.getByLabel('E-mail', { exact: true }).fill(guest.email)
  await page.getByRole('button', { name: 'Make invitation link' }).click()
  const link = await page.getByText(/\/invitation\//).innerText()
  await theirs.goto(link)
  await theirs.getByLabel('Name').fill(guest.name)
  await theirs.getByLabel('Password').fill(guest.password)
  await theirs.getByRole('button', { name: 'Make the account' }).click()
  await expect(theirs.getByText('viewer, read-only')).toBeVisible()
  return link
}
