import { expect, test } from '@playwright/test'
import { INDEXES, sampleSession } from './sample'

test('a locked table takes nothing but its own rows away', async ({ page }) => {
  const holder = await sampleSession()
  await holder.query('begin')
  await holder.query('lock table users in access exclusive mode')
  const { rows } = await holder.query(`select 'users_pkey'::regclass::oid as oid, pg_backend_pid() as pid`)

  await page.goto(`${INDEXES}?index=${rows[0].oid}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('need attention')
  const drawer = page.getByRole('dialog', { name: /users_pkey/ }).or(page.getByRole('complementary', { name: /users_pkey/ }))
  await expect(drawer.getByText(new RegExp(`pid ${rows[0].pid}`)).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('idx_learning_path').first()).toBeVisible()
  await holder.query('rollback')
  await holder.end()
})
