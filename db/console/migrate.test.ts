import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { connectConsole } from './client'
import { migrateConsole } from './migrate'
import { audit } from './schema'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase(18)
})
afterAll(() => db.drop())

it('migrates once, also when two consoles start together', async () => {
  await Promise.all([migrateConsole(db.url), migrateConsole(db.url)])
  const { rows } = await db.client.query('select count(*)::int as n from drizzle.__drizzle_migrations')
  const journal = JSON.parse(await readFile(path.resolve('drizzle/console/meta/_journal.json'), 'utf8'))
  expect(rows[0].n).toBe(journal.entries.length)
})

it('takes audit lines and gives none back', async () => {
  const console = connectConsole(db.url)
  await console.insert(audit).values({ actor: 'a@b.c', action: 'test', detail: {} })
  const client = new Client({ connectionString: db.url })
  await client.connect()
  for (const statement of ['delete from audit', 'truncate audit', `update audit set actor = 'x'`]) {
    await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' })
  }
  await client.end()
  expect(await console.select().from(audit)).toHaveLength(1)
  await console.$client.end()
})
