import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { GUIDE_VIEW_NAMES, GUIDE_VIEWS } from '../../domain/guide-views'
import { migrateLms } from '../../lms/migrate'
import { makeSample } from '../../lms/sample'
import { refreshMaterializedView } from '../refresh-materialized-view/command'
import { createMaterializedView } from './command'
import { tablesIn } from './facts'

describe.each([14, 18] as const)('create-materialized-view on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const schema = 'campus "1"'
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    await makeSample(db.url, { scale: 0.02 })
    await db.client.query(`drop schema analytics cascade; alter schema public rename to "campus ""1"""; create schema public`)
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query } = commandTest(() => db, createMaterializedView)
  const refresh = commandTest(() => db, refreshMaterializedView)
  const state = (object: Awaited<ReturnType<typeof planned>>['object'], view: string) => ({
    ...{ at: 0, object, bytes: null, dead: null, files: [] },
    input: { view, schema },
  })

  it.each(GUIDE_VIEW_NAMES)('%s answers what its query answers live, and can be refreshed CONCURRENTLY', async (view) => {
    const { plan, object, line } = await planned({ view, schema })
    expect(line('privilege')?.status).toBe('pass')
    expect(line('reached-code')?.status).toBe('pass')
    expect(plan).toMatchObject({ undo: `DROP MATERIALIZED VIEW analytics.${view}`, alwaysTyped: false })
    expect(await command.done(db.target, state(object, view))).toEqual({ ok: true, value: 'no' })
    await send(plan.statements.slice(0, -1))
    expect(await command.done(db.target, state(object, view))).toEqual({ ok: true, value: 'partly' })
    await expect(query(`select count(*) from analytics.${view}`)).rejects.toMatchObject({ code: '55000' })
    await send(plan.statements.slice(-1))
    expect(await command.done(db.target, state(object, view))).toEqual({ ok: true, value: 'yes' })
    const { live, read } = GUIDE_VIEWS[view]
    const rows = async (sql: string) => (await db.client.query(sql)).rows
    expect((await rows(read)).length).toBeGreaterThan(10)
    expect(await rows(read)).toEqual(await rows(live(tablesIn(schema))))
    const oid = (await rows(`select 'analytics.${view}'::regclass::oid as oid`))[0].oid
    const again = await refresh.planned({ oid })
    expect(again.plan.statements.at(-1)).toBe(`REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.${view}`)
    expect(again.line('reached-code')).toBeUndefined()
    await send(again.plan.statements)
    expect((await refused({ view, schema })).kind).toBe('conflict')
    await db.client.query(plan.undo ?? '')
    expect(await command.done(db.target, state(object, view))).toEqual({ ok: true, value: 'no' })
  })

  it('does not run code of others as our role: neither when it is made, nor when it is refreshed', async () => {
    await send((await planned({ view: 'course_statistics', schema })).plan.statements)
    const name = `mallory_${db.target.database}`
    await db.client.query(`create role ${name}; set role ${name}; set role none;
      create function "campus ""1""".leak(text) returns text language sql immutable as 'select $1';
      alter function "campus ""1""".leak(text) owner to ${name};
      create index leaky on "campus ""1""".courses ("campus ""1""".leak(title))`)
    expect((await planned({ view: 'leaderboard', schema })).line('reached-code')?.status).toBe('pass')
    const oid = (await db.client.query(`select 'analytics.course_statistics'::regclass::oid as oid`)).rows[0].oid
    expect((await refresh.planned({ oid })).line('reached-code')?.status).toBe('stop')
    await db.client.query('drop materialized view analytics.course_statistics')
    expect((await planned({ view: 'course_statistics', schema })).line('reached-code')?.status).toBe('stop')
    await db.client.query(`drop owned by ${name} cascade; drop role ${name}`)
  })

  it('says what is missing', async () => {
    expect((await refused({ view: 'course_statistics', schema: 'public' })).message).toContain('courses, student_progress')
    expect((await refused({ view: 'course_statistics', schema: 'gone' })).kind).toBe('conflict')
  })
})
