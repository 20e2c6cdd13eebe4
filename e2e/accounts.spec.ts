import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { expect, type Request, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { confirmRun } from './confirm'
import { INDEXES, TABLES } from './sample'
import { joinInvited } from './sign-up'

const GUEST = { name: 'Grace Guest', email: 'grace@example.org', password: 'four plain words here' }

const isAction = (request: Request): boolean => request.method() === 'POST' && 'next-action' in request.headers()

const DIALOG = /[0-9a-f]{32}/g

test('invite a viewer, who is refused whatever is sent; as an operator the same call runs', async ({ page, browser }) => {
  const guest = await browser.newContext({ baseURL: process.env.PROCTOR_TEST_ORIGIN, storageState: { cookies: [], origins: [] } })
  const theirs = await guest.newPage()
  const link = await joinInvited(page, theirs, GUEST)
  await theirs.goto(link)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('This invitation no longer opens')

  await theirs.goto(`${INDEXES}?verdict=bloated`)
  const rebuilds = theirs.getByRole('button', { name: /^Rebuild/ })
  await expect(rebuilds.first()).toBeVisible()
  expect(await rebuilds.evaluateAll((buttons) => buttons.every((button) => button.matches(':disabled, [aria-disabled="true"]')))).toBe(true)
  await expect(theirs.getByRole('link', { name: 'Users' })).toHaveCount(0)
  await theirs.goto('/users')
  await expect(theirs.getByRole('main').getByRole('alert')).toContainText('users are invited and changed by an administrator')

  // What the administrator's browser sends to run ANALYZE, sent by the viewer.
  await page.goto(TABLES)
  await page.getByRole('button', { name: /^Actions for (public\.)?users$/ }).click()
  await page.getByRole('menuitem', { name: 'Analyze…' }).click()
  const sent = page.waitForRequest((request) => isAction(request) && (request.postData() ?? '').includes('statements'))
  await confirmRun(page, /^Run/)
  const forged = await sent
  const forge = () =>
    guest.request.post(forged.url(), {
      headers: {
        'next-action': forged.headers()['next-action'] ?? '',
        'content-type': 'text/plain;charset=UTF-8',
        accept: 'text/x-component',
        origin: process.env.PROCTOR_TEST_ORIGIN ?? '',
      },
      // From a dialog of his own: what one dialog sends twice is queued once.
      data: (forged.postData() ?? '').replace(DIALOG, randomBytes(16).toString('hex')),
    })
  expect(await (await forge()).text()).toContain('a viewer changes nothing')

  await page.goto('/users')
  await page.getByRole('button', { name: `Change ${GUEST.email}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Operator' }).click()
  await page.getByRole('button', { name: 'Save role' }).click()
  await expect(page.getByRole('row', { name: new RegExp(GUEST.email) })).toContainText('Operator')
  expect(await (await forge()).text()).toContain('"ok":true')
  await theirs.goto(`${INDEXES}?verdict=bloated`)
  await expect(rebuilds.first()).toBeEnabled()

  await page.getByRole('button', { name: `Change ${GUEST.email}` }).click()
  await page.getByRole('button', { name: 'Close account' }).click()
  await expect(page.getByRole('row', { name: new RegExp(GUEST.email) })).toContainText('closed')
  // The page that is open asks for what is new, hears that the session has ended, and may be on its way already.
  await theirs.goto('/runs').catch(() => undefined)
  await expect(theirs).toHaveURL(/\/sign-in/)
  await theirs.getByLabel('E-mail').fill(GUEST.email)
  await theirs.getByLabel('Password').fill(GUEST.password)
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await expect(theirs.getByRole('main').getByRole('alert')).toHaveText('An administrator has closed this account.')
  await guest.close()

  await page.goto('/audit')
  for (const action of ['invite', 'accept-invitation', 'change-role', 'close-account', 'action.refused', 'sign-in.refused']) {
    await expect(page.getByRole('cell', { name: action, exact: true }).first()).toBeVisible()
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('axe finds nothing serious on users, account and the dialog', async ({ page }) => {
      await page.goto('/account')
      await expect(page.getByRole('region', { name: 'Sessions' })).toBeVisible()
      await noSeriousViolation(page)
      await page.goto('/users')
      await noSeriousViolation(page)
      await page
        .getByRole('button', { name: /^Change .*@/ })
        .first()
        .click()
      await expect(page.getByRole('dialog').getByRole('button', { name: 'Save role' })).toBeDisabled()
      await noSeriousViolation(page)
    })
  })
}
