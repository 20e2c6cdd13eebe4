import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { writeAudit } from './audit'
import { verifyAudit } from './audit-chain'
import { consoleDb } from './client'

const database = consoleForTests()

/** As a superuser who knows of the triggers. */
const tamper = async (...statements: string[]) => {
  await database.client.query(`set session_replication_role = replica; ${statements.join('; ')}; set session_replication_role = origin`)
}

beforeEach(async () => {
  await tamper('truncate audit restart identity')
  for (let at = 1; at <= 6; at++)
    await writeAudit({
      by: { email: 'ada', from: null },
      action: 'run.confirmed',
      detail: { statements: [`VACUUM "ž${at}"`], n: at, none: null },
    })
})

it('is unbroken as long as lines are only written, by many at once', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, at) => writeAudit({ by: { email: `user ${at}`, from: null }, action: 'x', detail: { at } })),
  )
  const { rows } = await database.client.query('select hash from audit order by id desc limit 1')
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: true, entries: 46, head: rows[0].hash })
})

it('chains what is inserted past the console, whatever comes with the INSERT; that it carries no key shows', async () => {
  await tamper('truncate audit restart identity')
  await database.client.query(`insert into audit (actor, action, detail, hash, prev_hash) values ('eve', 'x', '{}', 'mine', 'mine')`)
  await database.client.query(`set timezone = 'Asia/Tokyo'; insert into audit (actor, action, detail) values ('far', 'x', '{}')`)
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: true, entries: 2, ranges: [{ by: 'unkeyed' }] })
  await writeAudit({ by: { email: 'ada', from: null }, action: 'x', detail: {} })
  await database.client.query(`insert into audit (actor, action, detail) values ('eve', 'x', '{}')`)
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: false, id: '4', why: expect.stringContaining('no key') })
})

it('has no line for what was rolled back, and no gap in the chain', async () => {
  await expect(
    consoleDb().transaction(async (tx) => {
      await writeAudit({ by: { email: 'ada', from: null }, action: 'run.confirmed', detail: {} }, tx)
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  await writeAudit({ by: { email: 'ada', from: null }, action: 'run.confirmed', detail: {} })
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: true, entries: 7 })
})

it.each([
  ['who did it', `update audit set actor = 'bob' where id = 3`, '3', 'changed'],
  ['when', `update audit set at = at + interval '1 microsecond' where id = 3`, '3', 'changed'],
  ['the SQL', `update audit set detail = jsonb_set(detail, '{statements,0}', '"VACUUM"') where id = 3`, '3', 'changed'],
  ['a line that is gone', 'delete from audit where id = 3', '4', 'removed'],
  ['the first line, gone', 'delete from audit where id = 1', '2', 'removed'],
  [
    'a changed line with its hash made anew',
    `update audit set actor = 'bob' where id = 3; update audit a set hash = encode(sha256(convert_to(audit_canonical(a), 'UTF8')), 'hex') where id = 3`,
    '4',
    'removed or put in',
  ],
])('finds what a superuser changed: %s', async (_what, statement, id, why) => {
  await tamper(statement)
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: false, id, why: expect.stringContaining(why) })
})

it('begins with the lines that were there before it: the migration chains them', async () => {
  const file = await readFile('drizzle/console/0004_audit_chain.sql', 'utf8')
  const block = file.split('--> statement-breakpoint').find((statement) => statement.trim().startsWith('DO'))
  await tamper('drop index audit_one_successor', `update audit set hash = '', prev_hash = ''`)
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: false, id: '1' })
  await tamper(String(block).trim().replace(/;$/, ''), 'create unique index audit_one_successor on audit (prev_hash)')
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: true, entries: 6 })
})

it('refuses a second successor to a line, and a changed line without tricks', async () => {
  const stale = await database.connect()
  await stale.query('begin isolation level repeatable read; select from audit')
  await writeAudit({ by: { email: 'ada', from: null }, action: 'x', detail: {} })
  await expect(stale.query(`insert into audit (actor, action, detail) values ('late', 'x', '{}')`)).rejects.toThrow('audit_one_successor')
  await stale.query('rollback')
  await expect(consoleDb().execute(sql`update audit set hash = ''`)).rejects.toThrow()
  expect(await verifyAudit(consoleDb())).toMatchObject({ unbroken: true, entries: 7 })
})
