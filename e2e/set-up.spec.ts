import process from 'node:process'
import { expect, test } from '@playwright/test'
import { ADMINISTRATOR, signUp } from './sign-up'

test('nothing is shown to whoever has not signed in', async ({ request }) => {
  const origin = process.env.PROCTOR_TEST_ORIGIN
  const page = await request.get(`${origin}/sample/db/lms/indexes`, { maxRedirects: 0 })
  expect(page.status()).toBe(307)
  expect(page.headers().location).toContain('/sign-in')
  const read = await request.get(`${origin}/api/live/list-indexes?server=sample&database=lms`)
  expect(read.status()).toBe(401)
})

test('a cookie that nobody gave out opens nothing', async ({ playwright }) => {
  const forged = await playwright.request.newContext({
    baseURL: process.env.PROCTOR_TEST_ORIGIN,
    extraHTTPHeaders: { cookie: 'proctor.session_token=forged.forged' },
  })
  expect((await forged.get('/api/live/list-indexes?server=sample&database=lms')).status()).toBe(401)
  const page = await forged.get('/runs', { maxRedirects: 0 })
  expect(page.headers().location ?? (await page.text())).toContain('/sign-in')
  await forged.dispose()
})

test('the first start: set up the administrator, sign out, sign in again', async ({ page }) => {
  await signUp(page)
  await page.goto(process.env.PROCTOR_TEST_SET_UP ?? '')
  await expect(page.getByLabel('Password')).toHaveCount(0) // the link worked once

  await page.context().clearCookies()
  await page.goto(`${process.env.PROCTOR_TEST_ORIGIN}/sample/db/lms/indexes`)
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByLabel('E-mail').fill(ADMINISTRATOR.email)
  await page.getByLabel('Password').fill('not the passphrase')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('main').getByRole('alert')).not.toBeEmpty()
  await page.getByLabel('Password').fill(ADMINISTRATOR.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/sample\/db\/lms\/indexes/)
  await page.context().storageState({ path: 'test-results/administrator.json' })
})
