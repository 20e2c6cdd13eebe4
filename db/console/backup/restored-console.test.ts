import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backupsForTests, ownedByNobody, wholeConsole, writeLines } from '../../../test/support/console-backups'
import { makingOf, rowsOf } from '../../../test/support/fill-console'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { verifyAudit } from '../audit-chain'
import { auditKey } from '../audit-key'
import { connectConsole } from '../client'
import { migrateConsole } from '../migrate'
import { applyMigrations } from './migrations'

/** What everybody signs in anew for. */
const SESSIONS = ['session', 'verification']
/** The row of the console itself says that it may be a copy. */
const NOT_AS_IT_WAS = [...SESSIONS, 'console']

const { backUp, restore } = backupsForTests()

describe.each([
  [18, 14],
  [14, 18],
] as const)('a console on PostgreSQL %i, restored on %i', (from, to) => {
  let source: TestDatabase
  let target: Awaited<ReturnType<typeof ownedByNobody>>
  beforeAll(async () => {
    source = await wholeConsole(from)
    target = await ownedByNobody(to)
    await backUp(source.url, `whole-${from}`)
    expect(await restore(target.ownerUrl, `whole-${from}`)).toEqual([])
  })
  afterAll(async () => {
    await target.drop()
    await source.drop()
  })

  it('has every row of every table as it was, but nobody is signed in', async () => {
    const [was, is] = [await rowsOf(source.client, NOT_AS_IT_WAS), await rowsOf(target.client, NOT_AS_IT_WAS)]
    expect(Object.keys(is)).toEqual(Object.keys(was))
    expect(Object.keys(was).length).toBeGreaterThan(100)
    expect(Object.entries(was).filter(([, rows]) => rows.length === 0)).toEqual([])
    expect(is).toEqual(was)
    expect((await target.client.query('select from session union all select from verification')).rowCount).toBe(0)
  })

  it('has the id that it had, and knows that it may be a copy', async () => {
    const row = async (db: TestDatabase) => (await db.client.query('select id, doubt from console')).rows
    const [was] = await row(source)
    expect(await row(target)).toMatchObject([{ id: was.id, doubt: { because: [{ what: 'restored' }] } }])
  })

  it('is made as migrations make one, and has nothing left to migrate', async () => {
    const made = await makingOf(target.client)
    expect(made).toEqual(await makingOf(source.client))
    await migrateConsole(target.ownerUrl)
    expect(await makingOf(target.client)).toEqual(made)
  })

  it('has an audit that is unbroken, goes on where it was, and still only grows', async () => {
    const home = connectConsole(target.ownerUrl)
    const before = await verifyAudit(home, { key: auditKey() })
    expect(before).toMatchObject({ unbroken: true, entries: 5, ranges: [{ by: 'keyed' }] })
    await writeLines(target.ownerUrl, 2)
    expect(await verifyAudit(home, { key: auditKey() })).toMatchObject({ unbroken: true, entries: 7, ranges: [{ by: 'keyed', to: '7' }] })
    await home.$client.end()
    await expect(target.client.query('delete from audit')).rejects.toMatchObject({ code: '42501' })
    await expect(target.client.query('truncate audit')).rejects.toMatchObject({ code: '42501' })
  })

  it('gives no number out twice', async () => {
    const { rows } = await target.client.query(
      `insert into run_log (run_id, level, message) select run_id, level, message from run_log limit 1 returning id`,
    )
    expect(Number(rows[0].id)).toBe(4)
  })

  it('is refused where something is already, and changes nothing there', async () => {
    const before = await rowsOf(target.client)
    await expect(restore(target.ownerUrl, `whole-${from}`)).rejects.toThrow(/not empty \(drizzle\)/)
    expect(await rowsOf(target.client)).toEqual(before)
  })
})

it('keeps a tampered audit tampered', async () => {
  const [source, target] = [await wholeConsole(18), await testDatabase(18)]
  await source.client.query(
    `set session_replication_role = replica; update audit set actor = 'tom' where id = 3; reset session_replication_role`,
  )
  await backUp(source.url, 'tampered')
  await restore(target.url, 'tampered')
  const home = connectConsole(target.url)
  expect(await verifyAudit(home, { key: auditKey() })).toMatchObject({ unbroken: false, id: '3' })
  await home.$client.end()
  await Promise.all([source.drop(), target.drop()])
})

describe('a backup of an older console', () => {
  it.each([1, 4, 9, 14])('with %i migrations comes to what a console of today is', async (migrations) => {
    const [source, target, today] = [await testDatabase(18), await testDatabase(14), await testDatabase(18)]
    await applyMigrations(source.client, 0, migrations)
    await source.client.query(`
      insert into server (id, name, source, database) values ('one', 'one', 'environment', 'one');
      insert into "user" (id, name, email, role) values ('u', 'Ada', 'ada@example.org', 'admin');
      insert into run (server_id, database, command, input, object, plan, preflight, state, confirmed_by, confirmed_at)
        values ('one', 'one', 'reindex-index', '{}', '{}', '{}', '[]', 'queued', 'ada@example.org', now());
      insert into audit (actor, action, detail) select 'ada', 'old', jsonb_build_object('n', n) from generate_series(1, 3) n`)
    await backUp(source.url, `old-${migrations}`)
    await restore(target.url, `old-${migrations}`)
    await migrateConsole(today.url)
    expect(await makingOf(target.client)).toEqual(await makingOf(today.client))
    await migrateConsole(target.url) // what is stored is brought up to date at the next start
    const { rows } = await target.client.query(`select r.state, u.email, (select count(*)::int from audit) as lines from run r, "user" u`)
    expect(rows).toEqual([{ state: 'queued', email: 'ada@example.org', lines: 3 }])
    const home = connectConsole(target.url)
    expect(await verifyAudit(home)).toMatchObject({ unbroken: true, entries: 3 })
    await home.$client.end()
    await Promise.all([source.drop(), target.drop(), today.drop()])
  })
})

it('refuses the backup of a newer console in one sentence, and leaves the database empty', async () => {
  const [source, target] = [await wholeConsole(18), await testDatabase(18)]
  await source.client.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 4102444800000)`)
  await backUp(source.url, 'newer', { version: '9.0.0' })
  await expect(restore(target.url, 'newer')).rejects.toThrow(/^The backup was made by a newer console \(9\.0\.0, [^\n]*$/)
  expect(await rowsOf(target.client)).toEqual({})
  await Promise.all([source.drop(), target.drop()])
})

it.each([
  ['which takes no writes', 'alter database % set default_transaction_read_only = on', /read-only/],
  [
    'where its role may make no table',
    'revoke create on schema public from public; alter schema public owner to postgres',
    /may make no table/,
  ],
])('refuses a database %s, in one sentence', async (_what, sql, sentence) => {
  const [source, target] = [await wholeConsole(18), await ownedByNobody(14)]
  await backUp(source.url, 'unfit', { replace: true })
  await target.client.query(sql.replace('%', target.target.database))
  await expect(restore(target.ownerUrl, 'unfit')).rejects.toThrow(sentence)
  await target.client.query('set default_transaction_read_only = off')
  expect(await rowsOf(target.client)).toEqual({})
  await Promise.all([source.drop(), target.drop()])
})
