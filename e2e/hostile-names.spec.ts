import process from 'node:process'
import { expect, type Page, test } from '@playwright/test'
import { Client } from 'pg'
import { confirmRun } from './confirm'
import { INDEXES, MAINTENANCE, OVERVIEW, SESSIONS, STATEMENTS, sampleSession, TABLES } from './sample'

const HOSTILE = [
  `x"; drop table users; --`,
  `<img src=x onerror=alert(1)>`,
  `<svg/onload=alert(2)>\${7*7}{{7*7}}`,
  `${'ä😀ß'.repeat(7)}ééé'`, // 63 bytes
]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** The table's name with an ending, within 63 bytes. */
const indexOf = (name: string): string =>
  `${[...name].reduce((kept, one) => (Buffer.byteLength(kept + one) > 60 ? kept : kept + one), '')} i`

test.beforeAll(async () => {
  const server = await sampleSession()
  for (const name of HOSTILE) {
    await server.query(`create table ${quoted(name)} (${quoted(name)} text); create index ${quoted(indexOf(name))} on ${quoted(name)} (${quoted(name)});
      insert into ${quoted(name)} select '<b>' || i from generate_series(1, 500) i; analyze ${quoted(name)}`)
  }
  await server.end()
})
test.afterAll(async () => {
  const server = await sampleSession()
  for (const name of HOSTILE) await server.query(`drop table ${quoted(name)}`)
  await server.end()
})

/** Fails as soon as a name becomes more than text: a dialog, a request that it made, an element of its own. */
function watch(page: Page): { nothing: () => Promise<void> } {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => /\/x$/.test(new URL(request.url()).pathname) && seen.push(request.url()))
  return {
    nothing: async () => {
      expect(seen).toEqual([])
      expect(await page.locator('img[src="x"], [onerror], [onload], b:text-is("1")').count()).toBe(0)
    },
  }
}

for (const name of HOSTILE) {
  test(`${JSON.stringify(name)} is text on every page`, async ({ page }) => {
    const { nothing } = watch(page)
    const index = indexOf(name)
    const dialog = page.getByRole('dialog')
    const filter = `?q=${encodeURIComponent(name.slice(0, 12))}`

    await page.goto(TABLES + filter)
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
    await nothing()

    await page.goto(INDEXES + filter)
    const row = page.getByRole('row').filter({ hasText: index })
    await expect(row).toBeVisible()
    await nothing()
    await expect(async () => {
      await row.getByText(index, { exact: true }).first().click()
      await expect(page.getByText('Why this verdict')).toBeVisible({ timeout: 3_000 })
    }).toPass()
    await expect(page.getByRole('heading', { name: index, exact: true })).toBeVisible()
    await nothing()

    await page.getByRole('button', { name: 'Reindex…', exact: true }).click()
    await expect(dialog.getByRole('heading', { name: `Rebuild ${index} on` })).toBeVisible()
    await expect(dialog.getByText(`REINDEX INDEX CONCURRENTLY public.${quoted(index)}`)).toBeVisible()
    await nothing()
    await confirmRun(page, /Run rebuild/)
    await expect(page).toHaveURL(/\/runs\/\d+$/)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Done', { timeout: 60_000 })
    await expect(page.getByRole('heading', { name: `REINDEX INDEX CONCURRENTLY public.${quoted(index)}`, exact: true })).toBeVisible()
    await nothing()

    await page.goto('/runs')
    await expect(page.getByText(quoted(index)).first()).toBeVisible()
    await nothing()
    await page.goto('/audit')
    await expect(page.getByText(index).first()).toBeVisible()
    await nothing()
  })
}

test.describe('in what sessions say', () => {
  // Others than ASCII are escaped by the server itself in an application_name.
  const SAID = HOSTILE.slice(0, 3)
  const gid = `${HOSTILE[1]} gid`
  let sessions: Client[]

  test.beforeAll(async () => {
    const server = await sampleSession()
    sessions = [server]
    for (const name of SAID) await server.query(`create role ${quoted(name)} superuser login password 'hostile'`)
    await server.query(`begin; insert into ${quoted(HOSTILE[0] ?? '')} values ('prepared'); prepare transaction '${gid}'`)
    const address = new URL(process.env.PROCTOR_TEST_SAMPLE ?? '')
    for (const name of SAID) {
      const as = Object.assign(new URL(address), { username: encodeURIComponent(name), password: 'hostile' })
      const holder = new Client({ connectionString: as.href, application_name: name })
      const waiter = await sampleSession()
      for (const session of [holder, waiter]) session.on('error', () => undefined)
      await holder.connect()
      sessions.push(holder, waiter)
      const key = SAID.indexOf(name) + 7_000
      await holder.query(`begin; select pg_advisory_lock(${key}), 1 as ${quoted(name)}`)
      waiter.query(`select pg_advisory_lock(${key}), 2 as ${quoted(name)}`).catch(() => undefined)
    }
  })
  test.afterAll(async () => {
    const [server, ...others] = sessions
    await Promise.all(others.map((session) => session.end().catch(() => undefined)))
    await server?.query(`rollback prepared '${gid}'`)
    for (const name of SAID) await server?.query(`drop role ${quoted(name)}`)
    await server?.end()
  })

  test('roles, applications, statements and transactions are text on Activity', async ({ page }) => {
    const { nothing } = watch(page)
    await page.goto(SESSIONS)
    const tree = page.getByRole('region', { name: 'Blocking' })
    for (const name of SAID) await expect(tree.getByText(`${name} as ${name}`).first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Prepared transactions' }).getByText(gid)).toBeVisible()
    await nothing()
    await tree
      .getByRole('button', { name: /^pid \d+$/ })
      .first()
      .click()
    await expect(page.getByRole('dialog', { name: /^Session of pid/ })).toBeVisible()
    await nothing()
  })

  test('a statement is text in the list of Queries and in its drawer', async ({ page }) => {
    const { nothing } = watch(page)
    const found = page.getByRole('region', { name: 'Statements' }).getByRole('button', { name: /onerror=alert/ })
    await sessions[0]?.query(`select count(*) as ${quoted(HOSTILE[1] ?? '')} from users`)
    await expect(async () => {
      await page.goto(`${STATEMENTS}?reset=true&q=onerror`)
      await expect(found.first()).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await nothing()
    await found.first().click()
    await expect(page.getByRole('dialog', { name: /^Statement/ })).toBeVisible()
    await nothing()
  })

  test('nothing of it is more than text on Overview and Maintenance', async ({ page }) => {
    const { nothing } = watch(page)
    await page.goto(OVERVIEW)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.getByRole('button', { name: /^All \d+ checks$/ }).click()
    await expect(page.getByRole('region', { name: 'Checks' })).toBeVisible()
    await nothing()
    await page.goto(MAINTENANCE)
    await expect(page.getByRole('region', { name: 'Next best maintenance' })).toBeVisible()
    await nothing()
  })
})

test('after all of that the users are there', async () => {
  const server = await sampleSession()
  expect((await server.query('select count(*)::int > 0 as there from users')).rows).toEqual([{ there: true }])
  await server.end()
})
