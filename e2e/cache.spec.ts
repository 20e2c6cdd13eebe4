import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { CACHE, sampleSession } from './sample'

test('the cache is looked at: a table’s blocks, who reads, and what shared_buffers holds', async ({ page }) => {
  const session = await sampleSession()
  await session.query('drop extension if exists pg_buffercache')
  await page.goto(CACHE)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/found in shared_buffers|causes|too few/)
  const hits = page.getByRole('region', { name: 'Hit ratio', exact: true })

  await test.step('a table is drilled down to its indexes, and stays so in the address', async () => {
    await hits.getByRole('button', { name: 'section_progress', exact: true }).click()
    await expect(hits.getByRole('cell', { name: 'heap' })).toBeVisible()
    await expect(hits.getByText('section_progress_pkey')).toBeVisible()
    await page.reload()
    await expect(hits.getByText('section_progress_pkey')).toBeVisible()
    await hits.getByRole('button', { name: 'By database' }).click()
    await expect(hits.getByText('this database')).toBeVisible()
    await hits.getByRole('button', { name: 'By index' }).click()
    await expect(hits.getByText('section_progress_pkey')).toBeVisible()
  })

  await test.step('pg_stat_io stands by backend', async () => {
    const io = page.getByRole('region', { name: 'I/O by backend', exact: true })
    await expect(io.getByRole('rowheader', { name: 'client backend' }).first()).toBeVisible()
  })

  await test.step('without pg_buffercache the page names it; with it, it is read when asked', async () => {
    const buffers = page.getByRole('region', { name: 'What is in the cache', exact: true })
    await expect(buffers.getByText('CREATE EXTENSION')).toBeVisible()
    await session.query('create extension pg_buffercache')
    // What is known of extensions is asked again after ten seconds.
    await expect
      .poll(async () => {
        await page.reload()
        return buffers.getByRole('button', { name: 'Read every buffer' }).isVisible()
      })
      .toBe(true)
    await buffers.getByRole('button', { name: 'Read every buffer' }).click()
    const held = page.getByRole('region', { name: 'Relations in the cache' })
    await expect(held.getByText('section_progress', { exact: true })).toBeVisible()
    await expect(hits.getByRole('columnheader', { name: 'In cache' })).toBeVisible()
    await noSeriousViolation(page)
  })

  await test.step('the statements lead to their page, by reads', async () => {
    await page.getByRole('region', { name: 'Statements that read most', exact: true }).getByRole('link', { name: 'All by reads' }).click()
    await expect(page).toHaveURL(/statements\?sort=read/)
    await expect(page.getByRole('columnheader', { name: 'Read' })).toHaveAttribute('aria-sort', 'descending')
  })
  await session.query('drop extension pg_buffercache')
  await session.end()
})
