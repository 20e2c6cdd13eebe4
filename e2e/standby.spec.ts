import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { Client } from 'pg'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { type Standby, startStandby } from '../test/support/standby'
import { lookUntil } from './look-until'

const OVERVIEW = '/primary/db/postgres/overview'

let folder: string
let primary: Cluster
let standby: Standby
let again: Cluster | undefined
let on: Client

// On 14 a slot counts as left from the first look on; later majors tell since when, and one that restarts has a minute.
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-standby-'))
  await chmod(folder, 0o755)
  const settings = { fsync: 'off', max_wal_size: '64MB', min_wal_size: '32MB', hot_standby: 'on' }
  const options = { major: 14, password: 'test', settings } as const
  primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
  on = new Client({ connectionString: primary.url })
  await on.connect()
  await on.query(`select pg_create_physical_replication_slot('copy', true)`)
  const followed = { ...settings, primary_slot_name: 'copy', cluster_name: 'copy' }
  standby = await startStandby(primary, { ...options, settings: followed, folder: path.join(folder, 'standby'), port: await freePort() })
})
test.afterAll(async () => {
  await on.end()
  await (again ?? standby).stop('immediate')
  await primary.stop('immediate')
  await rm(folder, { recursive: true, force: true })
})

async function addServer(page: Page, name: string, url: string): Promise<void> {
  const { port, username, password } = new URL(url)
  await page.goto('/servers')
  await page.getByRole('link', { name: 'Add server' }).click()
  const fields = { Name: name, Host: '127.0.0.1', Port: port, Database: 'postgres', Role: username }
  for (const [label, value] of Object.entries(fields)) await page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value)
  await page.getByLabel(/^Password/).fill(decodeURIComponent(password))
  await page.getByLabel(/^TLS mode/).selectOption('disable')
  await page.getByRole('button', { name: 'Add server' }).click()
  await expect(page).toHaveURL(`/servers/${name.toLowerCase()}`)
}

test('a standby that is stopped and started: streaming, gone with what its slot keeps, and streaming again', async ({ page }) => {
  await addServer(page, 'Primary', primary.url)
  await addServer(page, 'Standby', standby.url)
  await page.goto('/primary/db/postgres/replication')
  const copy = page.getByRole('region', { name: 'Topology' }).getByRole('listitem').filter({ hasText: 'copy' })
  await expect(copy).toContainText('streaming, async')
  await page.goto('/standby/db/postgres/replication')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('This standby follows its primary')

  await standby.stop('fast')
  // More than a tenth of max_wal_size, which the slot keeps for it.
  await on.query(`select count(pg_logical_emit_message(false, 'journey', repeat('x', 1048576))) from generate_series(1, 16)`)
  await page.goto('/primary/db/postgres/replication')
  await expect(copy).toContainText('no reader')
  const finding = page.getByRole('heading', { name: /^Slot copy has no reader and retains/ })
  await lookUntil(page, () => expect(finding).toBeVisible({ timeout: 5_000 }), OVERVIEW)
  await page.goto('/standby/db/postgres/overview')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('The server cannot be reached')

  again = await standby.startAgain()
  await page.goto('/primary/db/postgres/replication')
  await expect(copy).toContainText('streaming, async')
  await lookUntil(page, () => expect(finding).toHaveCount(0, { timeout: 5_000 }), OVERVIEW)
  await page.getByRole('button', { name: /ended in the last 24 h/ }).click()
  await expect(page.getByRole('region', { name: 'Ended findings' })).toContainText('Slot copy has no reader')
  await page.goto('/standby/db/postgres/replication')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('This standby follows its primary')
})
