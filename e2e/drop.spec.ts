import { expect, test } from '@playwright/test'
import type { Client } from 'pg'
import { CLICK, confirmRun, openDialog } from './confirm'
import { INDEXES, sampleSession } from './sample'

const INDEX = 'idx_users_email'

async function definition(server: Client): Promise<string | undefined> {
  const { rows } = await server.query('select pg_get_indexdef(i) as sql from to_regclass($1) i where i is not null', [INDEX])
  return rows[0]?.sql
}

test('drop a redundant index, and bring it back from the receipt', async ({ page }) => {
  const server = await sampleSession()
  const before = await definition(server)
  expect(before).toContain(INDEX)

  await page.goto(`${INDEXES}?q=${INDEX}`)
  const dialog = page.getByRole('dialog')
  await openDialog(page, async () => {
    await page.getByRole('button', { name: `Drop ${INDEX}`, exact: true }).click(CLICK)
  })
  await expect(dialog.getByText(`DROP INDEX CONCURRENTLY public.${INDEX}`)).toBeVisible()
  await expect(dialog.getByText('Another index serves its queries')).toBeVisible()
  await confirmRun(page, /Drop index/)
  await expect(page).toHaveURL(/\/runs\/\d+$/)
  const dropped = page.url()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect(await definition(server)).toBeUndefined()

  await page.getByRole('region', { name: 'Undo' }).getByRole('button', { name: 'Undo…' }).click()
  await expect(dialog.getByText(`CREATE INDEX CONCURRENTLY ${INDEX}`)).toBeVisible()
  await confirmRun(page, /Bring it back/)
  await expect(page).toHaveURL((url) => /\/runs\/\d+$/.test(url.pathname) && url.href !== dropped)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
  expect(await definition(server)).toBe(before)
  await server.end()
})

test('the key D is about the index whose drawer is open', async ({ page }) => {
  const server = await sampleSession()
  const { rows } = await server.query('select $1::regclass::oid as oid', [INDEX])
  await server.end()
  await page.goto(`${INDEXES}?index=${rows[0].oid}`)
  await expect(page.getByText('Why this verdict')).toBeVisible()
  await page.keyboard.press('d')
  await expect(page.getByRole('dialog', { name: `Drop ${INDEX} on` })).toBeVisible()
})

test('what a constraint stands on cannot be dropped', async ({ page }) => {
  const server = await sampleSession()
  const { rows } = await server.query(`select 'users_email_key'::regclass::oid as oid`)
  await server.end()
  await page.goto(`${INDEXES}?index=${rows[0].oid}`)
  await expect(page.getByText('Drop is guarded: it backs constraint users_email_key.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Drop…', exact: true })).toBeDisabled()
})
