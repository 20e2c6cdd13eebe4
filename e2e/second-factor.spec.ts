import process from 'node:process'
import { expect, type Page, test } from '@playwright/test'
import { codeOf, wrongCode } from '../test/support/authenticator'
import { noSeriousViolation } from './axe'
import { joinInvited } from './sign-up'

const GUEST = { name: 'Hedy Guest', email: 'hedy@example.org', password: 'four plain words here' }

const nobody = { baseURL: process.env.PROCTOR_TEST_ORIGIN, storageState: { cookies: [], origins: [] } }

/** The first step of a sign-in, up to the question for the code. */
async function givePassword(page: Page): Promise<void> {
  await page.goto('/sign-in?next=/runs')
  await page.getByLabel('E-mail').fill(GUEST.email)
  await page.getByLabel('Password').fill(GUEST.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/sign-in\/code/)
}

const refusal = (page: Page) => page.getByRole('main').getByRole('alert').filter({ hasText: /./ })

test('turn a second factor on, sign in with its code, with a backup code, and have it reset', async ({ page, browser }) => {
  test.slow() // axe looks at five states in two themes
  const theirs = await browser.newContext(nobody)
  const guest = await theirs.newPage()
  await joinInvited(page, guest, GUEST)

  await guest.goto('/account')
  const card = guest.getByRole('region', { name: 'Second factor' })
  await card.getByRole('button', { name: 'Turn on …' }).click()
  await card.getByLabel('Your password').fill(GUEST.password)
  await card.getByRole('button', { name: 'Continue' }).click()
  await expect(card.getByRole('img', { name: /QR code/ })).toBeVisible()
  await noSeriousViolationInEither(guest)
  const secret = (await card.locator('code').innerText()).replaceAll(' ', '')
  await card.getByLabel('Code that the app shows').fill(codeOf(secret))
  await card.getByRole('button', { name: 'Turn on' }).click()
  await expect(card.getByText('not shown again')).toBeVisible()
  await noSeriousViolationInEither(guest)
  const codes = await card.getByRole('listitem').allInnerTexts()
  expect(codes).toHaveLength(10)
  await card.getByRole('button', { name: 'I have kept them' }).click()
  await guest.reload()
  await expect(card.getByText('on', { exact: true })).toBeVisible()
  expect(await guest.content()).not.toContain(secret)

  await theirs.clearCookies()
  await givePassword(guest)
  await noSeriousViolationInEither(guest)
  await guest.getByLabel('Code', { exact: true }).fill(wrongCode(secret))
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await expect(refusal(guest)).toContainText('This code is wrong')
  await guest.goto('/runs') // the password alone opens nothing
  await expect(guest).toHaveURL(/\/sign-in/)
  await givePassword(guest)
  await guest.getByLabel('Code', { exact: true }).fill(codeOf(secret))
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await expect(guest).toHaveURL(/\/runs/)

  await theirs.clearCookies()
  await givePassword(guest)
  await guest.getByRole('link', { name: 'Use a backup code' }).click()
  await guest.getByLabel('Backup code').fill(codes[0] ?? '')
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await expect(guest).toHaveURL(/\/runs/)

  // New backup codes ask for password and code; a wrong one changes nothing.
  await guest.goto('/account')
  await card.getByRole('button', { name: 'Make new backup codes …' }).click()
  await card.getByLabel('Your password').fill(GUEST.password)
  await expect(card.getByRole('button', { name: 'Make new backup codes' })).toBeDisabled()
  await card.getByLabel('Code').fill('aaaaa-aaaaa')
  await noSeriousViolationInEither(guest)
  await card.getByRole('button', { name: 'Make new backup codes' }).click()
  await expect(card.getByRole('alert')).toContainText('This code is wrong')
  await card.getByLabel('Code').fill(codes[1] ?? '')
  await card.getByRole('button', { name: 'Make new backup codes' }).click()
  await expect(card.getByText('not shown again')).toBeVisible()

  await page.goto('/users')
  const row = page.getByRole('row', { name: new RegExp(GUEST.email) })
  await expect(row).toContainText('password and code')
  await page.getByRole('button', { name: `Change ${GUEST.email}` }).click()
  await expect(page.getByRole('button', { name: 'Reset second factor' })).toBeVisible()
  await noSeriousViolationInEither(page)
  await page.getByRole('button', { name: 'Reset second factor' }).click()
  await expect(row).not.toContainText('password and code')
  await guest.goto('/runs').catch(() => undefined) // the sessions have ended, and the open page may have gone already
  await expect(guest).toHaveURL(/\/sign-in/)
  await theirs.close()

  await page.goto('/audit')
  for (const action of ['second-factor.on', 'second-factor.reset', 'sign-in.failed']) {
    await expect(page.getByRole('cell', { name: action, exact: true }).first()).toBeVisible()
  }
})

test('sign in by the provider, without a script in the browser too; whoever is not known stays outside', async ({ browser }) => {
  for (const javaScriptEnabled of [true, false]) {
    const theirs = await browser.newContext({ ...nobody, javaScriptEnabled })
    const guest = await theirs.newPage()
    const through = async (sub: string) => {
      await guest.goto('/sign-in?next=/runs')
      await guest.getByRole('link', { name: 'Sign in with Example ID' }).click()
      await guest.getByLabel('Who').fill(sub)
      await guest.getByRole('button', { name: 'Go on' }).click()
    }
    await through('stranger')
    await expect(refusal(guest)).toContainText('in no domain')
    await theirs.clearCookies()
    await through('ingrid')
    await expect(guest).toHaveURL(/\/runs/)
    await theirs.close()
  }
})

test('an account with a password opens by the provider only after its owner has connected it', async ({ page, browser }) => {
  const judith = { name: 'Judith', email: 'judith@example.net', password: 'four plain words here' }
  const theirs = await browser.newContext(nobody)
  const guest = await theirs.newPage()
  await joinInvited(page, guest, judith)
  const atProvider = async () => {
    await guest.getByLabel('Who').fill('judith')
    await guest.getByRole('button', { name: 'Go on' }).click()
  }
  const byProvider = async () => {
    await theirs.clearCookies()
    await guest.goto('/sign-in?next=/runs')
    await guest.getByRole('link', { name: 'Sign in with Example ID' }).click()
    await atProvider()
  }
  await byProvider()
  await expect(refusal(guest)).toContainText('connect Example ID under Account')

  await guest.getByLabel('E-mail').fill(judith.email)
  await guest.getByLabel('Password').fill(judith.password)
  await guest.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(guest).not.toHaveURL(/sign-in/)
  await guest.goto('/account')
  const card = guest.getByRole('region', { name: 'Example ID' })
  await card.getByRole('button', { name: 'Connect to Example ID …' }).click()
  await card.getByLabel('Your password').fill(judith.password)
  await noSeriousViolationInEither(guest)
  await card.getByRole('button', { name: 'Go on to Example ID' }).click() // which knows her by now
  await expect(card.getByText('connected', { exact: true })).toBeVisible()

  await byProvider()
  await expect(guest).toHaveURL(/\/runs/)
  await guest.goto('/account')
  await card.getByRole('button', { name: 'Disconnect Example ID …' }).click()
  await card.getByLabel('Your password').fill(judith.password)
  await card.getByRole('button', { name: 'Disconnect and end other sessions' }).click()
  await expect(card.getByText('not connected')).toBeVisible()
  await theirs.close()
})

async function noSeriousViolationInEither(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await noSeriousViolation(page)
  }
}
