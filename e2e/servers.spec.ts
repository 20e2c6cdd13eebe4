import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { type Authority, testAuthority } from '../test/support/test-certificates'

const PASSWORD = 'a password of the server 7251'

let folder: string
let cluster: Cluster
let right: Authority
let wrong: Authority
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-journey-tls-'))
  await chmod(folder, 0o755)
  right = await testAuthority(path.join(folder, 'certificates'), 'right')
  wrong = await testAuthority(path.join(folder, 'certificates'), 'wrong')
  const { cert, key } = await right.sign('server', ['DNS:localhost'])
  const settings = { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key, fsync: 'off' }
  const at = { folder: path.join(folder, 'server'), binariesCopy: folder, port: await freePort() }
  cluster = await startCluster({ major: 17, password: PASSWORD, settings, ...at })
})
test.afterAll(async () => {
  await cluster.stop('immediate')
  await rm(folder, { recursive: true, force: true })
})

/** What the browser refused because of the policy of the page. */
function violations(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => message.text().includes('Content Security Policy') && found.push(message.text()))
  return found
}

test('add a server with a wrong authority, read why it fails, fix it, and take it away', async ({ page }) => {
  const refused = violations(page)
  await page.goto('/servers')
  await page.getByRole('link', { name: 'Add server' }).click()
  await page.getByRole('textbox', { name: /^Name/ }).fill('Billing')
  await page.getByRole('textbox', { name: /^Host/ }).fill('localhost')
  await page.getByRole('textbox', { name: /^Port/ }).fill(String(cluster.port))
  await page.getByRole('textbox', { name: /^Database/ }).fill('postgres')
  await page.getByRole('textbox', { name: /^Role/ }).fill('postgres')
  await page.getByLabel(/^Password/).fill(PASSWORD)
  await page.getByLabel('Certificate of the authority').fill(wrong.pem)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('not signed by the authority that was given')).toBeVisible()

  await page.getByLabel('Certificate of the authority').fill(right.pem)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText(/PostgreSQL 17\.\d+, as postgres/)).toBeVisible()
  await expect(page.getByText('TLSv1.3')).toBeVisible()
  await page.getByRole('button', { name: 'Add server' }).click()

  await expect(page).toHaveURL('/servers/billing')
  await expect(page.getByRole('region', { name: 'Privilege doctor' })).toContainText('CREATE EXTENSION pgstattuple')
  await expect(page.getByLabel(/^Password/)).toHaveValue('')
  expect(await page.content()).not.toContain(PASSWORD)
  await page.getByRole('button', { name: 'Test connection' }).click() // with the stored password
  await expect(page.getByText(/PostgreSQL 17\.\d+, as postgres/)).toBeVisible()
  await page.getByRole('textbox', { name: /^Host/ }).fill('127.0.0.1')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter the password again')).toBeVisible()

  await page.getByRole('button', { name: 'Make read-only' }).click()
  await expect(page.getByText('Read-only in Proctor.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove server …' }).click()
  await page.getByLabel('Type Billing').fill('Billing')
  await page.getByRole('button', { name: 'Remove server', exact: true }).click()
  await expect(page).toHaveURL('/servers')
  await expect(page.getByRole('link', { name: 'Billing' })).toHaveCount(0)
  await page.goto('/audit')
  for (const action of ['add-server', 'mark-server', 'remove-server'])
    await expect(page.getByRole('cell', { name: action }).first()).toBeVisible()
  expect(refused).toEqual([])
})

test('every page keeps to its policy, and answers with the headers of a hardened site', async ({ page, request }) => {
  const refused = violations(page)
  for (const address of ['/', '/sample/db/lms/indexes', '/sample/db/lms/tables', '/runs', '/audit', '/servers', '/servers/sample']) {
    await page.goto(address)
    await expect(page.locator('h1')).toBeVisible()
  }
  expect(refused).toEqual([])
  const answer = await request.get('/servers')
  expect(answer.headers()['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/)
  expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
  for (const path of ['/invitation/x.png', '/favicon.ico', '/_next/x.html'])
    expect((await request.get(path)).headers()['content-security-policy'], path).toContain("frame-ancestors 'none'")
  expect(answer.headers()).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
  })
})

test('another site changes nothing, and probes need no session', async ({ request, playwright }) => {
  for (const path of ['/servers', '/runs/1.png', '/invitation/x.svg']) {
    const foreign = await request.post(path, { headers: { origin: 'http://evil.example', 'next-action': 'x' }, data: '[]' })
    expect(foreign.status(), path).toBe(403)
  }
  const nobody = await playwright.request.newContext({
    baseURL: process.env.PROCTOR_TEST_ORIGIN,
    storageState: { cookies: [], origins: [] },
  })
  expect(await (await nobody.get('/healthz')).json()).toEqual({ status: 'ready' })
  expect(await (await nobody.get('/metrics')).text()).toContain('proctor_servers{')
  const page = await nobody.get('/servers', { maxRedirects: 0 })
  expect(page.headers().location).toContain('/sign-in')
  await nobody.dispose()
})
