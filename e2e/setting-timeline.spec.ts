import { expect, test } from '@playwright/test'
import { OVERVIEW, SESSIONS, SETTINGS, STATEMENTS, sampleSession } from './sample'

test('a setting that somebody changed by psql is marked over the charts, with its values', async ({ page }) => {
  const server = await sampleSession()
  const words = /deadlock_timeout: 1s → 1100ms/
  await server.query(`alter system set deadlock_timeout = '1100ms'`)
  await server.query('select pg_reload_conf()')
  try {
    await page.goto(SESSIONS)
    // Settings are looked at once a minute.
    await expect(page.getByRole('button', { name: words }).first()).toBeVisible({ timeout: 150_000 })
    await page.goto(OVERVIEW)
    await expect(page.getByRole('region', { name: 'Vitals' })).toContainText(words)
    await page.goto(STATEMENTS)
    await expect(page.getByRole('region', { name: 'Total time by statement' }).getByRole('button', { name: words })).toBeVisible()
    await page.goto(SETTINGS)
    const changes = page.getByRole('region', { name: 'Changes seen' })
    await expect(changes.getByRole('listitem').filter({ hasText: 'deadlock_timeout' }).first()).toContainText('1s → 1100ms')
  } finally {
    await server.query('alter system reset deadlock_timeout')
    await server.query('select pg_reload_conf()')
    await server.end()
  }
})
