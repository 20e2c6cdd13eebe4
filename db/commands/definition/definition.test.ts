import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFINITIONS_SCHEMA, definitionsOf } from '../../../test/support/index-definitions'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { createIndex } from '../create-index/command'

describe.each([14, 18] as const)('an index definition on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(DEFINITIONS_SCHEMA)
    if (major >= 18)
      await db.client.query(
        'create table app.gen (id int, v int generated always as (id * 2) virtual, s int generated always as (id * 3) stored)',
      )
  })
  afterAll(() => db.drop())
  const { plan, planned } = commandTest(() => db, createIndex)
  const sqlOf = (short: string) => {
    const [, unique, rest = ''] = /^(U )?(.*)$/s.exec(short) ?? []
    return `create ${unique ? 'unique ' : ''}index made on app.${rest.replace(/gin_trgm_ops/, 'public.gin_trgm_ops')}`
  }
  const isRefused = async (sql: string): Promise<string | null> => {
    await db.client.query('begin; set local search_path = pg_catalog, pg_temp')
    try {
      await db.client.query(sql)
      return null
    } catch (error) {
      return String(error)
    } finally {
      await db.client.query('rollback')
    }
  }

  it('is stopped where the server refuses it, and nowhere else', async () => {
    const wrong: string[] = []
    const unsure: string[] = []
    let stopped = 0
    for (const short of definitionsOf(major)) {
      const definition = sqlOf(short)
      const made = await plan({ definition, concurrently: false })
      const line = made.ok ? made.value.line('definition') : undefined
      const stops = !made.ok || line?.status === 'stop'
      const refused = await isRefused(made.ok ? (made.value.plan.statements.at(-1) ?? '') : definition)
      if (stops) stopped++
      if (line?.status === 'warn') unsure.push(short)
      if (stops !== (refused !== null) && line?.status !== 'warn')
        wrong.push(`${short}: ${refused ?? 'is taken'}; said ${made.ok ? line?.detail : made.problem.message}`)
    }
    expect(wrong).toEqual([])
    expect(stopped).toBeGreaterThan(60)
    expect(unsure).toEqual(['t (age(ts))', 't (app.volsql(n))']) // SQL functions, whose body counts
  })

  it('needs no parser of the server to know that 14 has no NULLS NOT DISTINCT', async () => {
    const { line } = await planned({ definition: 'create unique index made on app.t (id) nulls not distinct' })
    expect(line('definition')?.status).toBe(major < 15 ? 'stop' : 'pass')
  })

  it('calls nothing of the owner, and leaves nothing prepared', async () => {
    await db.client.query(`create table app.called (); create function app.tattle() returns int immutable language plpgsql as
      'begin raise exception ''called''; end'`)
    const { line } = await planned({ definition: 'create index made on app.t ((id + app.tattle()))' })
    expect(line('definition')?.status).toBe('pass')
  })

  it('is told from the catalogs while somebody holds the table', async () => {
    const session = await db.connect()
    await session.query('begin; lock app.t in access exclusive mode')
    const said = async (definition: string) => (await planned({ definition })).line('definition')?.status
    expect(await said('create index made on app.t using gin (id)')).toBe('stop')
    expect(await said('create index made on app.t (id)')).not.toBe('stop')
    await session.query('rollback')
  })

  it('warns of values that are too long for a b-tree', async () => {
    await db.client.query(
      `create table app.long (n text); insert into app.long select string_agg(md5(i::text), '') from generate_series(1, 2000) i`,
    )
    await db.client.query('vacuum app.long')
    expect((await planned({ definition: 'create index made on app.long (n)' })).line('definition')).toMatchObject({ status: 'warn' })
    expect((await planned({ definition: 'create index made on app.long (md5(n))' })).line('definition')).toMatchObject({ status: 'pass' })
  })
})
