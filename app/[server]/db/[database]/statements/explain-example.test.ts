import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADDRESS_HEADER } from '@/app/client-address'
import { consoleDb } from '@/db/console/client'
import { registerServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { accountsForTests } from '@/test/support/test-accounts'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { requestWith } from '@/test/support/test-request'
import { explainPlan } from './actions'
import { readHints } from './query-reads'

const accounts = accountsForTests()

describe.each([14, 18] as const)('the last example of a statement on %i', (major) => {
  let watched: TestDatabase
  beforeAll(async () => {
    watched = await testDatabase(major)
    process.env.DATABASE_URL = watched.url
    const { serverId, database } = watched.target
    await registerServer({ id: serverId, name: serverId, source: 'environment', database })
    await consoleDb().$client.query('insert into sampled_server (server_id, current) values ($1, true)', [serverId])
    await watched.client.query(
      'create extension pg_stat_statements; create table t as select g as a from generate_series(1, 5000) g; analyze t',
    )
    requestWith({ cookie: accounts.cookies.operator, [ADDRESS_HEADER]: '192.0.2.78' })
  })
  afterAll(async () => {
    await closePools()
    await watched.drop()
  })

  /** Runs a statement and gives what the page asks about it; with `seen`, activity has shown it with its constants. */
  async function asked(sql: string, like: string, seen: boolean) {
    const { serverId: server, database } = watched.target
    await watched.client.query(sql)
    const { rows } = await watched.client.query(
      `select queryid::text, userid, dbid from pg_stat_statements where query like $1 and dbid = (select oid from pg_database where datname = current_database())`,
      [like],
    )
    const { queryid, userid, dbid } = rows[0]
    if (seen)
      await consoleDb().$client.query(
        `insert into statement_example (server, queryid, dbid, at, query, running, application_name, rolname)
         select no, $2::int8, $3, now(), $4, 5, 'app', 'postgres' from sampled_server where server_id = $1`,
        [server, queryid, dbid, sql],
      )
    return { server, database, key: `${queryid}.${userid}.${dbid}.1`, rolname: 'postgres', datname: database }
  }

  it('is planned where the normalised text cannot be', async () => {
    const of = await asked('select a from t where a > -(5)', 'select a from t where a > %', true)
    expect(await explainPlan(of)).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('examples') } })
    expect(await explainPlan({ ...of, example: true })).toMatchObject({
      ok: true,
      value: { analyzed: false, statement: 'select a from t where a > -(5)', parameterTypes: [] },
    })
  })

  it('is not there while none was seen', async () => {
    const of = await asked('select a from t where a < -(7)', 'select a from t where a < %', false)
    expect(await explainPlan({ ...of, example: true })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('tells how many values a list had', async () => {
    const of = await asked('select a from t where a in (1, 2, 3, 4, 5, 6, 7)', 'select a from t where a in%', true)
    const planned = await explainPlan(of)
    expect(planned).toMatchObject({ ok: true, value: { lists: major >= 18 ? [{ parameter: 1, values: 7 }] : [] } })
    if (planned.ok) expect(planned.value.plan.nodes[0]?.planRows).toBe(7)
  })

  it('is planned as a hint writes it, by the name of the hint alone', async () => {
    await watched.client.query(
      'create table parents (id int primary key); create table children (parent int, n int); analyze parents, children',
    )
    const notIn = await asked(
      'select id from parents where id not in (select parent from children where n > 3)',
      'select id from parents where id not%',
      false,
    )
    const place = { server: notIn.server, database: notIn.database }
    expect(await readHints(place, notIn)).toMatchObject({
      ok: true,
      value: [{ id: 'not-in-0', of: 'statement', rewritten: { exact: expect.stringContaining('EXISTS') } }],
    })
    const plan = await explainPlan({ ...notIn, hint: 'not-in-0' })
    expect(plan).toMatchObject({ ok: true, value: { analyzed: false } })
    if (plan.ok) expect(plan.value.plan.nodes.map(({ type }) => type).join()).toContain('Anti')
    const counts = await asked(
      'select id from parents p where (select count(*) from children c where c.parent = p.id) > 0',
      'select id from parents p where (select%',
      true,
    )
    expect(await readHints(place, counts)).toMatchObject({ ok: true, value: [{ id: 'count-exists-0', of: 'example' }] })
    expect(await explainPlan({ ...counts, hint: 'count-exists-0' })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await explainPlan({ ...counts, example: true, hint: 'count-exists-0' })).toMatchObject({
      ok: true,
      value: { statement: expect.stringContaining('EXISTS') },
    })
  })
})
