import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { resetStatistics } from './command'

describe.each(MAJORS)('reset-statistics on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements; create table counted (id int primary key); create table other (id int)')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, resetStatistics)
  const scans = (table: string) =>
    query<string>('select seq_scan from pg_stat_user_tables where relid = $1::regclass', [table]).then(Number)
  const scan = async () => {
    for (const table of ['counted', 'other']) await db.client.query(`select count(*) from ${table}`)
    await expect.poll(() => scans('other')).toBeGreaterThan(0)
    await expect.poll(() => scans('counted')).toBeGreaterThan(0)
  }
  const resetAt = () => query<Date | null>('select stats_reset from pg_stat_database where datname = current_database()')
  const clock = () => query<number>('select extract(epoch from clock_timestamp())::float8 * 1000')

  it("takes one relation's counters, and with them the database's time of reset", async () => {
    await scan()
    const before = await resetAt()
    const { plan, object, line } = await planned({ of: 'relation', oid: await oidOf('counted') })
    expect(plan.statements).toEqual([`SELECT pg_stat_reset_single_table_counters(${await oidOf('counted')})`])
    expect(plan.alwaysTyped).toBe(false)
    expect(line('evidence')?.status).toBe('warn')
    const state = { at: await clock(), object, bytes: null, dead: null, files: [] }
    await send(plan.statements)
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    await expect.poll(() => scans('counted')).toBe(0)
    expect(await scans('other')).toBeGreaterThan(0)
    expect(await resetAt()).not.toEqual(before) // as the effect says
    expect(plan.effect.join(' ')).toContain("database's time of reset")
  })

  it('takes all counters of the database, with the phrase typed', async () => {
    await scan()
    const { plan, object } = await planned({ of: 'database' })
    expect(plan).toMatchObject({ statements: ['SELECT pg_stat_reset()'], alwaysTyped: true, phrase: db.target.database })
    const state = { at: await clock(), object, bytes: null, dead: null, files: [] }
    await send(plan.statements)
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    await expect.poll(() => scans('other')).toBe(0)
  })

  it('takes one entry of pg_stat_statements, and no other', async () => {
    await db.client.query('select 1 as kept, 2, 3')
    await db.client.query('select 1 as gone')
    const entry = (text: string) =>
      query<Record<string, unknown> | null>(
        `select json_build_object('userid', userid::int8, 'dbid', dbid::int8, 'queryid', queryid::text) from pg_stat_statements
          where query ~ ('^select \\$1 as ' || $1) and dbid = (select oid from pg_database where datname = current_database())`,
        [text],
      )
    const input = { of: 'statement', ...(await entry('gone')) }
    const { plan, object } = await planned(input)
    expect(plan.alwaysTyped).toBe(false)
    const state = { at: await clock(), object, bytes: null, dead: null, files: [] }
    await send(plan.statements)
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    expect(await entry('gone')).toBeUndefined()
    expect(await entry('kept')).toBeDefined()
    expect(await refused(input)).toMatchObject({ kind: 'conflict' })
    const all = await planned({ of: 'statements' })
    expect(all.plan).toMatchObject({
      statements: [`SELECT public.pg_stat_statements_reset(0::oid, 0::oid, '0'::bigint${major > 16 ? ', false' : ''})`],
      alwaysTyped: true,
    })
  })

  it.each([
    { of: 'statement' },
    { of: 'statement', userid: 10, dbid: 5 },
    { of: 'statement', userid: 0, dbid: 5, queryid: '1' },
    { of: 'statement', userid: 10, dbid: 5, queryid: '0' },
    { of: 'statement', userid: 10, dbid: 5, queryid: '1); drop table counted; --' },
    { of: 'statement', userid: 10, dbid: 5, queryid: '1\0' },
    { of: 'relation' },
    { of: 'everything' },
  ])('refuses %j', async (input) => {
    expect((await refused(input)).kind).toBe('invalid_input')
  })

  it('stops who may not, and names the GRANT', async () => {
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'`)
    const { preflight } = await planned({ of: 'database' }, db.as(role, 'x'))
    expect(preflight[0]).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining(`GRANT EXECUTE ON FUNCTION pg_stat_reset() TO ${role}`),
    })
    await db.client.query(`drop role ${role}`)
  })
})
