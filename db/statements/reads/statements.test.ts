import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetFacts } from '../../server/facts'
import { forgetReads, runRead } from '../../server/run-read'
import { statementSettings, statements, statementsInfo, statementTexts } from './statements'

/** The versions of the extension that each major can have, the oldest that is read first. */
const VERSIONS = { 14: ['1.8', '1.9'], 15: ['1.8', '1.9', '1.10'], 16: ['1.9', '1.10'], 17: ['1.10', '1.11'], 18: ['1.9', '1.11', '1.12'] }

describe.each(MAJORS)('pg_stat_statements of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    // Another schema than any on the search_path, and somebody who would like to be called instead.
    await db.client.query(`create schema "the extensions"; create extension pg_stat_statements schema "the extensions"`)
    await db.client.query(`create function public.pg_stat_statements(bool) returns setof int language sql as 'select 1'`)
    await db.client.query(`create table squares (n int); insert into squares select g from generate_series(1, 100) g`)
  })
  afterAll(() => db.drop())

  const all = async (showtext = true) => {
    forgetReads()
    const { rows } = await db.client.query('select oid from pg_database where datname = current_database()')
    const result = await runRead(db.target, statements, { showtext, dbid: rows[0].oid })
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }

  it.each(VERSIONS[major])('is read at extension version %s', async (version) => {
    await db.client.query(
      `drop extension pg_stat_statements; create extension pg_stat_statements schema "the extensions" version '${version}'`,
    )
    forgetFacts()
    // A table of its own: names of columns make no other statement.
    const table = `squares_${version.replace('.', '_')}`
    await db.client.query(`create table ${table} as select n from squares`)
    for (const n of [1, 2, 3]) await db.client.query(`select sum(n) from ${table} where n > ${n}`)
    const [row, ...more] = (await all()).filter(({ query }) => query?.startsWith(`select sum(n) from ${table} `))
    expect(more).toEqual([])
    expect(row).toMatchObject({ datname: db.target.database, rolname: 'postgres', toplevel: true, calls: '3', rows: '3', own: false })
    expect(row?.query).toContain('where n > $1')
    expect(row?.total_exec_time).toBeCloseTo((row?.mean_exec_time ?? 0) * 3, 6)
    const variance = (row?.exec_time_squares ?? 0) / 3 - (row?.mean_exec_time ?? 0) ** 2
    expect(Math.sqrt(Math.max(0, variance))).toBeCloseTo(row?.stddev_exec_time ?? -1, 4)
    const [, minor] = version.split('.').map(Number) as [number, number]
    expect(row?.stats_since !== null).toBe(minor >= 11)
    expect(row?.jit_functions !== null).toBe(minor >= 10)
    expect(row?.parallel_workers_launched !== null).toBe(minor >= 12)
    const info = await runRead(db.target, statementsInfo, {})
    if (minor >= 9) expect(info).toMatchObject({ ok: true, value: [{ dealloc: expect.stringMatching(/^\d+$/) }] })
    else expect(info).toMatchObject({ ok: false, problem: { kind: 'missing_extension', fix: 'ALTER EXTENSION pg_stat_statements UPDATE' } })
  })

  it('knows its own statements, and gives no text unless asked', async () => {
    const own = (await all()).filter((row) => row.own)
    expect(own.some(({ query }) => query?.includes('proctor:statements'))).toBe(true)
    expect(own.some(({ query }) => query?.startsWith('begin'))).toBe(true)
    const silent = await all(false)
    expect(silent.length).toBeGreaterThan(0)
    expect(silent.every(({ query, own }) => query === null && own === null)).toBe(true)
  })

  it('gives the texts of those that are asked for', async () => {
    await db.client.query('select count(*) as wanted from squares')
    const queryid = (await all()).find(({ query }) => query === 'select count(*) as wanted from squares')?.queryid ?? ''
    expect(await runRead(db.target, statementTexts, { queryids: [queryid] })).toMatchObject({
      ok: true,
      value: [{ queryid, query: 'select count(*) as wanted from squares', cut: false, own: false }],
    })
  })

  it('shows a role without the right only its own statements', async () => {
    const role = `poor_${db.target.database}`
    await db.client.query(`create role ${role} login password 'poor'; grant usage on schema "the extensions" to ${role}`)
    await db.client.query('select 42 as not_for_everybody')
    const poor = db.as(role, 'poor')
    const result = await runRead(poor, statements, { showtext: true, dbid: null })
    if (!result.ok) throw new Error(result.problem.message)
    const hidden = result.value.filter(({ queryid }) => queryid === null)
    expect(hidden.length).toBeGreaterThan(0)
    expect(hidden.every(({ query }) => query === '<insufficient privilege>')).toBe(true)
    expect(await runRead(poor, statementSettings, {})).toMatchObject({ ok: true, value: [{ sees_all: false, role, loaded: true }] })
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('says what is tracked, and what is missing', async () => {
    expect(await runRead(db.target, statementSettings, {})).toMatchObject({
      ok: true,
      value: [{ loaded: true, track: 'top', track_io_timing: false, compute_query_id: 'auto', max: 5000, sees_all: true }],
    })
    await db.client.query('drop extension pg_stat_statements')
    forgetFacts()
    forgetReads()
    expect(await runRead(db.target, statementSettings, {})).toMatchObject({ ok: true, value: [{ extversion: null }] })
    expect(await runRead(db.target, statements, { showtext: false, dbid: null })).toMatchObject({
      ok: false,
      problem: { kind: 'missing_extension', fix: 'CREATE EXTENSION pg_stat_statements' },
    })
  })
})
