import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
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
  const { rows } = await db.client.query(`select count(*)::int as n from information_schema.tables where table_schema = 'public'`)
  expect(rows[0].n).toBe(12)
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
