import { expect, test } from '@playwright/test'
import { CLICK, confirmRun, openDialog } from './confirm'
import { INDEXES, sampleSession } from './sample'

const [FIRST, SECOND, THIRD] = ['idx_quiz_user_section', 'idx_quiz_section_scores', 'idx_quiz_performance']

test('three rebuilds as one batch: the second is cancelled while it waits for its turn', async ({ page }) => {
  const server = await sampleSession()
  const fileOf = async (name: string) => {
    const { rows } = await server.query(
      'select c.relfilenode::int8::text as file, i.indisvalid as valid from pg_class c join pg_index i on i.indexrelid = c.oid where c.oid = $1::regclass',
      [name],
    )
    return rows[0] as { file: string; valid: boolean }
  }
  const before = { first: await fileOf(FIRST), second: await fileOf(SECOND), third: await fileOf(THIRD) }
  const holder = await sampleSession()
  await holder.query('begin isolation level repeatable read')
  await holder.query('select count(*) from quiz_results')
  await holder.query('select pg_sleep(2.5)') // older than what the preflight lets pass without a word

  await page.goto(`${INDEXES}?q=idx_quiz`)
  for (const name of [FIRST, SECOND, THIRD]) {
    const box = page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
    await expect(async () => {
      if ((await box.getAttribute('aria-checked')) !== 'true') await box.click()
      await expect(box).toBeChecked({ timeout: 1_000 })
    }).toPass()
  }
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Rebuild 3 indexes…' }).click()
  const dialog = page.getByRole('dialog')
  for (const name of [FIRST, SECOND, THIRD]) await expect(dialog.getByText(`REINDEX INDEX CONCURRENTLY public.${name}`)).toBeVisible()
  await expect(dialog.getByRole('heading', { name: 'Plan 3 rebuilds on lms-sample' })).toBeVisible()
  await confirmRun(page, /Run 3 rebuilds/)

  await expect(page).toHaveURL(/\/runs\?batch=/)
  const batch = page.url()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(row(FIRST)).toContainText('Running')
  await expect(row(SECOND)).toContainText('Queued')
  await row(SECOND).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Queued.')
  await openDialog(page, () => page.getByRole('button', { name: 'Cancel run…' }).click(CLICK))
  await dialog.getByRole('button', { name: 'Cancel run' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancelled.')
  await holder.query('rollback')
  await holder.end()

  await page.goto(batch)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Two of 3 succeeded', { timeout: 60_000 })
  for (const [name, word] of [
    [FIRST, 'Done'],
    [SECOND, 'Cancelled'],
    [THIRD, 'Done'],
  ] as const)
    await expect(row(name)).toContainText(word)
  const after = { first: await fileOf(FIRST), second: await fileOf(SECOND), third: await fileOf(THIRD) }
  await server.end()
  expect(after.second).toEqual(before.second)
  expect(after.first.file).not.toBe(before.first.file)
  expect(after.third.file).not.toBe(before.third.file)
  expect([after.first.valid, after.third.valid]).toEqual([true, true])
})
