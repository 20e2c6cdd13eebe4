import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { ADMINISTRATOR } from './sign-up'
import { startConsoleOn } from './start-console'

const PASSPHRASE = 'four plain words and one'

/** The command line on a data folder; what it prints. Fails with what it says when its exit status is not 0. */
async function proctor(folder: string, ...args: string[]): Promise<string> {
  const command = ['--import', './bin/modules.mjs', path.resolve(import.meta.dirname, '../bin/proctor.ts'), ...args]
  const env = { ...process.env, PROCTOR_DATABASE_URL: '', PROCTOR_DATA_DIR: folder, PROCTOR_BACKUP_PASSPHRASE: PASSPHRASE }
  return (await promisify(execFile)(process.execPath, command, { env })).stdout
}

test('back a console up while it runs, restore it elsewhere, sign in there, and say that it is a copy', async ({ page, browser }) => {
  test.slow() // one more console starts
  const folder = process.env.PROCTOR_TEST_FOLDER ?? ''
  const [origin, link] = [process.env.PROCTOR_TEST_ORIGIN, process.env.PROCTOR_TEST_SET_UP]
  const elsewhere = await mkdtemp(path.join(tmpdir(), 'proctor-restored-'))
  const file = path.join(elsewhere, 'backup')
  const restored = path.join(elsewhere, 'data')
  await chmod(elsewhere, 0o755)
  await page.goto('/runs')
  const runs = await page.getByRole('row').count()

  expect(await proctor(folder, 'backup', file, '--with-secrets')).toContain('under the passphrase')
  expect(await proctor(restored, 'restore', file)).toContain('came out of the backup')
  const secrets = async (of: string) => JSON.parse(await readFile(path.join(of, 'secrets.json'), 'utf8')).session
  expect(await secrets(restored)).toBe(await secrets(folder))

  const copy = await startConsoleOn({ PROCTOR_DATA_DIR: restored, PROCTOR_SAMPLE: 'off' })
  try {
    const there = process.env.PROCTOR_TEST_ORIGIN ?? ''
    expect(there).not.toBe(origin)
    // The session of the other console, and its cookie, open nothing here.
    await page.goto(`${there}/runs`)
    await expect(page).toHaveURL(/\/sign-in/)

    const signedOut = await browser.newContext({ baseURL: there, storageState: { cookies: [], origins: [] } })
    const guest = await signedOut.newPage()
    await guest.goto('/sign-in?next=/console')
    await expect(guest.getByText('may be a copy of another one')).toBeVisible()
    await guest.getByLabel('E-mail').fill(ADMINISTRATOR.email)
    await guest.getByLabel('Password').fill(ADMINISTRATOR.password)
    await guest.getByRole('button', { name: 'Sign in' }).click()
    await expect(guest.getByRole('heading', { level: 1 })).toContainText('Was this console moved, or copied?')
    await noSeriousViolation(guest)
    await guest.goto('/runs')
    await expect(guest.getByRole('row')).toHaveCount(runs)
    await guest.goto('/console')
    await guest.getByRole('button', { name: 'Copied' }).click()
    await expect(guest.getByRole('heading', { level: 1 })).toContainText('where it was')

    await guest.goto('/audit')
    for (const action of ['console.restored', 'console.copied'])
      await expect(guest.getByRole('cell', { name: action, exact: true })).toBeVisible()
    expect(await proctor(restored, 'audit', 'verify')).toMatch(/^Chain unbroken/)
    await signedOut.close()
  } finally {
    await copy.stop()
    Object.assign(process.env, { PROCTOR_TEST_ORIGIN: origin, PROCTOR_TEST_SET_UP: link })
    await rm(elsewhere, { recursive: true, force: true })
  }
  expect(await proctor(folder, 'audit', 'verify')).toMatch(/^Chain unbroken/)
  await page.goto('/runs')
  await expect(page).not.toHaveURL(/\/sign-in/)
})
