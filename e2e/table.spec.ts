import { expect, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { lookUntil } from './look-until'
import { STORAGE, sampleSession, TABLES } from './sample'

test('dead rows behind an open snapshot: the finding, who holds them, that session ended, VACUUM, and no finding', async ({ page }) => {
  test.setTimeout(300_000)
  const server = await sampleSession()
  await server.query(`create table kept_rows (id int primary key, note text) with (autovacuum_enabled = off)`)
  await server.query(`insert into kept_rows select n, 'x' from generate_series(1, 50000) n; analyze kept_rows`)
  const { rows } = await server.query(`select 'kept_rows'::regclass::oid as relid`)
  const holder = await sampleSession()
  await holder.query('begin isolation level repeatable read; select count(*) from kept_rows')
  const pid = (await holder.query('select pg_backend_pid() as pid')).rows[0].pid
  const ended = new Promise((resolve) => holder.once('end', resolve))
  const worker = await sampleSession()
  await worker.query('delete from kept_rows where id <= 40000')
  await worker.end()
  const dead = async () =>
    (await server.query(`select n_dead_tup::int as n from pg_stat_user_tables where relname = 'kept_rows'`)).rows[0].n
  await expect.poll(dead).toBeGreaterThanOrEqual(40_000)

  const finding = page.getByRole('heading', { name: /kept_rows keeps dead rows for pid \d+|kept_rows needs VACUUM/ })
  await lookUntil(page, () => expect(finding).toBeVisible({ timeout: 5_000 }))

  await page.goto(`${TABLES}/${rows[0].relid}`)
  await expect(page.getByText(`pid ${pid}`).first()).toBeVisible()
  await page.getByRole('link', { name: `Review pid ${pid}` }).click()
  await expect(page).toHaveURL(new RegExp(`pid=${pid}`))
  const drawer = page.getByRole('dialog', { name: `Session of pid ${pid}` })
  await drawer.getByRole('button', { name: `End pid ${pid}…` }).click()
  await page.getByLabel(`Type pid ${pid} to confirm`).fill(`pid ${pid}`)
  await page.getByRole('button', { name: 'End session', exact: true }).click()
  await ended

  await page.goto(`${TABLES}/${rows[0].relid}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(`pid ${pid}`)).toHaveCount(0)
  await openDialog(page, async () => {
    await page.getByRole('button', { name: 'VACUUM…', exact: true }).click(CLICK)
  })
  await confirmRun(page, /Run vacuum/i)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('dead rows removed', { timeout: 60_000 })
  await expect.poll(dead).toBeLessThan(1_000)
  await lookUntil(page, () => expect(finding).toHaveCount(0, { timeout: 5_000 }))
  await server.query('drop table kept_rows')
  await Promise.all([holder.end().catch(() => undefined), server.end()])
})

test('storage opens level by level, as a map by keyboard and as a list', async ({ page }) => {
  await page.goto(`${STORAGE}?schema=public`)
  await page.getByRole('button', { name: /^student_progress, .*, open$/ }).press('Enter')
  await expect(page).toHaveURL(/table=\d+/)
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await expect(page.getByRole('row', { name: /student_progress_pkey/ })).toBeVisible()
  const way = page.getByRole('navigation', { name: 'Level of the map' })
  await way.getByRole('button', { name: 'All databases' }).click()
  await page.getByRole('button', { name: 'lms', exact: true }).click()
  await page.getByRole('button', { name: 'public', exact: true }).click()
  await expect(page.getByRole('button', { name: 'student_progress', exact: true })).toBeVisible()
})
