import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { ORDINARY, SECRET, STATEMENTS } from '../server/secrets/corpus'
import { closeConsole } from './client'
import { migrateConsole } from './migrate'
import { readAudit } from './read-audit'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase(18)
  await migrateConsole(db.url)
  process.env.PROCTOR_CONSOLE_URL = db.url
})
afterAll(async () => {
  await closeConsole()
  process.env.PROCTOR_CONSOLE_URL = ''
  await db.drop()
})

const SQL = `alter role bob password '${SECRET}'`
const CONNINFO = `host=h password=${SECRET}`

/** Rows as an earlier version stored them. */
async function storeClear(): Promise<void> {
  const { client } = db
  await client.query(`insert into server (id, name, source, database) values ('s', 's', 'stored', 'd')`)
  await client.query(`insert into sampled_server (server_id, problem) values ('s', $1)`, [
    JSON.stringify({ kind: 'sql_error', message: CONNINFO }),
  ])
  const texts = [...Object.values(STATEMENTS), ...ORDINARY]
  await client.query(
    `insert into statement_text (server, queryid, dbid, query, cut, own) select 1, n, 5, query, false, false
       from unnest($1::text[]) with ordinality as t (query, n)`,
    [texts],
  )
  await client.query(
    `insert into statement_example (server, queryid, dbid, at, query, running, application_name, rolname)
     select 1, n % 7, 5, now(), $1 || n, 1, '', 'r' from generate_series(1, 2500) n`,
    [`${SQL} -- `],
  )
  await client.query(`insert into statement_application values (1, 1, 5, $1, 3, now()), (1, 1, 5, 'psql', 4, now())`, [CONNINFO])
  await client.query(
    `insert into setting_seen (server, name, value, source, pending_restart, at) values (1, 'primary_conninfo', $1, 'x', false, now()),
       (1, 'app.token', $2, 'x', false, now()), (1, 'work_mem', '4096', 'x', false, now())`,
    [CONNINFO, SECRET],
  )
  await client.query(
    `insert into setting_change (server, name, old, new, after, at) values (1, 'primary_conninfo', $1, '', now(), now())`,
    [CONNINFO],
  )
  await client.query(
    `insert into xmin_holder (server, kind, identity, detail, first_seen, last_seen, age) values (1, 'backend', '7', $1, now(), now(), 1)`,
    [JSON.stringify({ pid: 7, query: SQL })],
  )
  for (const [state, ended] of [
    ['succeeded', 'now()'],
    ['queued', 'null'],
  ])
    await client.query(
      `insert into run (server_id, database, command, input, object, plan, preflight, state, confirmed_by, confirmed_at, ended_at, receipt)
       values ('s', 'd', 'c', '{}', '{}', $1, $1, '${state}', 'a', now(), ${ended}, $2)`,
      [JSON.stringify([{ detail: SQL }]), JSON.stringify({ notices: [SQL] })],
    )
  await client.query('insert into run_log (run_id, level, message) values (1, $1, $2)', ['info', CONNINFO])
  await client.query(`insert into audit (actor, action, detail) values ('a', 'query.analyzed', $1)`, [
    JSON.stringify({ statements: [SQL], note: CONNINFO }),
  ])
}

const stored = async (table: string): Promise<string> =>
  JSON.stringify((await db.client.query(`select t::text as row from ${table} t`)).rows)

it('withholds what earlier versions stored, once, and leaves the rest as it was', async () => {
  await storeClear()
  await db.client.query('delete from data_migration')
  await migrateConsole(db.url)
  for (const table of [
    'statement_text',
    'statement_example',
    'statement_application',
    'setting_seen',
    'setting_change',
    'xmin_holder',
    'sampled_server',
    'run_log',
  ]) {
    expect(await stored(table), table).not.toContain(SECRET)
  }
  for (const table of ['statement_text', 'statement_example', 'setting_seen', 'xmin_holder', 'sampled_server', 'run_log'])
    expect(await stored(table), table).toContain('[redacted]')
  const { rows } = await db.client.query('select query from statement_text order by queryid')
  expect(rows).toHaveLength(Object.keys(STATEMENTS).length + ORDINARY.length)
  expect(rows.slice(-ORDINARY.length).map(({ query }) => query)).toEqual(ORDINARY)
  const of = async (sql: string) => (await db.client.query(sql)).rows
  expect(await of('select count(*)::int as n from statement_example')).toEqual([{ n: 2500 }])
  expect(await of('select application_name from statement_application')).toEqual([{ application_name: 'psql' }])
  expect(await of(`select value from setting_seen where name = 'work_mem'`)).toEqual([{ value: '4096' }])
  expect(await of(`select detail->'pid' as pid from xmin_holder`)).toEqual([{ pid: 7 }])
  // What is yet to run stays as it was confirmed.
  expect(await of(`select state, plan::text like '%${SECRET}%' as clear from run order by id`)).toEqual([
    { state: 'succeeded', clear: false },
    { state: 'queued', clear: true },
  ])
})

it('is not done again', async () => {
  await db.client.query(`update run_log set message = $1`, [CONNINFO])
  await migrateConsole(db.url)
  expect(await stored('run_log')).toContain(SECRET)
  expect((await db.client.query('select name from data_migration')).rows).toHaveLength(1)
})

it('shows none of an audit line that was written before', async () => {
  const entries = await readAudit({}, 10)
  expect(entries).toHaveLength(1)
  expect(JSON.stringify(entries)).not.toContain(SECRET)
  expect(entries[0]?.statements).toEqual([`alter role bob password '[redacted]'`])
})
