import process from 'node:process'
import { expect, test } from '@playwright/test'
import { Client } from 'pg'
import { bytesShort } from '../components/format'
import { GUIDE_SHAPE } from '../db/guide/guide-shape'
import { CLICK, confirmRun, openDialog } from './confirm'
import { GUIDE, sampleSession } from './sample'

const MISSING = 'idx_courses_created_by'
const SCHOOL = 'journey_school'

/** A session on a database that is not the sample, beside it. */
async function schoolSession(): Promise<Client> {
  const url = new URL(process.env.PROCTOR_TEST_SAMPLE ?? '')
  url.pathname = `/${SCHOOL}`
  const client = new Client({ connectionString: url.href, application_name: 'journey' }).on('error', () => undefined)
  await client.connect()
  return client
}

const TYPES = { uuid: 'uuid', text: 'text', choice: 'text', time: 'timestamptz', json: 'jsonb', whole: 'int', number: 'numeric(5,2)' }
const typeOf = (kind: string): string => ({ ...TYPES, interval: 'interval', search: 'tsvector' })[kind] ?? kind

test.beforeAll(async () => {
  const sample = await sampleSession()
  await sample.query(`drop database if exists ${SCHOOL} with (force)`)
  await sample.query(`create database ${SCHOOL}`)
  await sample.end()
  const school = await schoolSession()
  await school.query('create schema "Lehre"')
  for (const [table, columns] of Object.entries(GUIDE_SHAPE)) {
    const written = Object.entries(columns).map(([name, { kind }]) => `${name} ${typeOf(kind)}`)
    await school.query(`create table "Lehre".${table} (${written.join(', ')})`)
  }
  await school.query(`insert into "Lehre".student_progress (user_id, course_id, last_accessed_at)
    select gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 minute' from generate_series(1, 20000) n`)
  await school.query('analyze')
  await school.end()
})
test.afterAll(async () => {
  const sample = await sampleSession()
  await sample.query(`drop index if exists ${MISSING}`)
  await sample.query(`drop database ${SCHOOL} with (force)`)
  await sample.end()
})

test('a missing index of the guide is created from the catalogue, and its worth is read there', async ({ page }) => {
  const server = await sampleSession()
  await page.goto('/sample/db/lms/indexes')
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'LMS guide' }).click()
  await expect(page).toHaveURL(GUIDE)
  await page.getByRole('button', { name: /^Needs action/ }).click()
  const row = page.getByRole('row').filter({ hasText: MISSING }).first()
  await expect(row).toContainText('Missing')
  const dialog = page.getByRole('dialog')
  await openDialog(page, async () => {
    await row.getByRole('button', { name: `Create ${MISSING}…` }).click(CLICK)
  })
  await expect(
    dialog.getByText(`CREATE INDEX CONCURRENTLY ${MISSING} ON public.courses (created_by) WHERE created_by IS NOT NULL`),
  ).toBeVisible()
  await confirmRun(page, /Create index/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done: built', { timeout: 60_000 })

  // Something reads it; the catalogue tells how often, and how large it is.
  await server.query('set enable_seqscan = off')
  for (let n = 0; n < 3; n++)
    await server.query('select count(*) from courses where created_by = $1', ['00000000-0000-0000-0000-000000000000'])
  await server.end()
  await page.goto(`${GUIDE}?open=${MISSING}`)
  await expect(row).toContainText('Improved')
  await expect(row.getByText(/^\d+ kB$/)).toBeVisible()
  await expect(async () => {
    await page.reload()
    await expect(row.getByRole('cell').nth(5)).toHaveText('3', { timeout: 2_000 })
  }).toPass()
})

test('the same on a database that is not the sample, with the tables under another schema', async ({ page }) => {
  await page.goto(`/sample/db/${SCHOOL}/guide`)
  const row = page.getByRole('row').filter({ hasText: 'idx_active_students' }).first()
  await expect(row).toContainText('Cannot exist')
  await row.getByRole('button', { name: 'idx_active_students', exact: true }).click()
  await expect(page.getByText('functions in index predicate must be marked IMMUTABLE')).toBeVisible()
  await openDialog(page, async () => {
    await row.getByRole('button', { name: 'Create idx_active_students…' }).click(CLICK)
  })
  await confirmRun(page, /Create index/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Done: built', { timeout: 60_000 })
  await page.goto(`/sample/db/${SCHOOL}/guide?open=idx_active_students`)
  await expect(row).toContainText('Improved')
  const school = await schoolSession()
  const { rows } = await school.query(`select pg_relation_size('"Lehre".idx_active_students')::int as size`)
  await school.end()
  await expect(row).toContainText(bytesShort(rows[0].size))
})
