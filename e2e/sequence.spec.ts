import { expect, test } from '@playwright/test'
import { lookUntil } from './look-until'
import { sampleSession, TABLES } from './sample'

test("a sequence near its column's end: the type that ends it, the way out, and no finding after it", async ({ page }) => {
  const server = await sampleSession()
  // The sequence could go on for long; the column that takes its values could not.
  await server.query(`create table near_end (id int primary key); create sequence near_end_seq as bigint owned by near_end.id`)
  await server.query(`alter table near_end alter id set default nextval('near_end_seq'); select setval('near_end_seq', 2100000000)`)
  const { rows } = await server.query(`select 'near_end'::regclass::oid as relid`)

  const finding = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'public.near_end.id runs out of values' }) })
  await lookUntil(page, () => expect(finding).toBeVisible({ timeout: 5_000 }))
  await expect(finding).toContainText('High')
  await expect(finding).toContainText('2,100,000,000 of 2,147,483,647 (98%)')
  await expect(finding).toContainText('a column of type integer')
  await expect(finding).toContainText('ALTER TABLE public.near_end ALTER COLUMN id TYPE bigint')
  await finding.getByRole('link', { name: /^Show/ }).click()
  await expect(page).toHaveURL(`${TABLES}/${rows[0].relid}`)

  await server.query('alter table public.near_end alter column id type bigint')
  await lookUntil(page, () => expect(finding).toHaveCount(0, { timeout: 5_000 }))
  await page.getByRole('button', { name: /ended in the last 24 h/ }).click()
  await expect(page.getByRole('region', { name: 'Ended findings' })).toContainText('near_end.id runs out of values')
  await server.query('drop table near_end')
  await server.end()
})
