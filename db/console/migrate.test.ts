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

it('calls what would fix something by its name of today in what is stored, and leaves texts as they are', async () => {
  const client = new Client({ connectionString: db.url })
  await client.connect()
  await client.query(`
    create temp table finding (found jsonb);
    create temp table check_look (problem jsonb);
    create temp table sampled_server (problem jsonb);
    create temp table sampling_turn (problem jsonb);
    create temp table health_check (index_health jsonb, index_bloat jsonb, problems jsonb);
    create temp table run (plan jsonb, preflight jsonb, receipt jsonb, problem jsonb)`)
  const before = { trust: { kind: 'withheld', mend: 'ANALYZE t' }, mend: null, title: 'a text with "mend": in it', name: 'mend' }
  await client.query('insert into finding values ($1)', [before])
  await client.query('insert into run (problem) values ($1)', [{ message: 'm', mend: 'GRANT' }])
  const file = await readFile(path.resolve('drizzle/console/0033_fix-not-mend.sql'), 'utf8')
  for (const statement of file.split('--> statement-breakpoint')) await client.query(statement)
  const { trust, mend, ...same } = before
  expect((await client.query('select found from finding')).rows).toEqual([
    { found: { ...same, trust: { kind: 'withheld', fix: trust.mend }, fix: mend } },
  ])
  expect((await client.query('select problem, plan from run')).rows).toEqual([{ problem: { message: 'm', fix: 'GRANT' }, plan: null }])
  await client.end()
})
