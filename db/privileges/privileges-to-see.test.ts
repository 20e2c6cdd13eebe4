import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetFacts } from '../server/facts'
import { closePools } from '../server/pool'
import { forgetReads, runRead } from '../server/run-read'
import { readActivity } from '../sessions/activity'
import { statementSettings, statements } from '../statements/reads/statements'
import { statementNotices } from '../statements/statements-seen'
import { privilegeDoctor } from './privilege-doctor'

/** What a role without pg_monitor really misses, against what it is told to miss. */
describe.each(MAJORS)('a role that may not see other sessions, on PostgreSQL %i', (major) => {
  const role = `Looker ${major}`
  const [quoted, worker] = [`"${role}"`, `worker_${major}`]
  let db: TestDatabase
  let holder: Client
  let waiter: Client
  let waiting: Promise<unknown>
  let pid: number
  beforeAll(async () => {
    db = await testDatabase(major)
    for (const sql of [
      'create extension pg_stat_statements',
      `create role ${quoted} login password 'look'`,
      `create role ${worker} login password 'work'`,
      'create table held (n int)',
      `grant all on held to ${worker}`,
    ])
      await db.client.query(sql)
    holder = await db.connect({ user: worker, password: 'work' })
    waiter = await db.connect({ user: worker, password: 'work' })
    await holder.query('select count(*) from held')
    await holder.query('begin; lock table held')
    pid = (await waiter.query('select pg_backend_pid() as pid')).rows[0].pid
    waiting = waiter.query('select n from held')
  })
  afterAll(async () => {
    await holder.query('rollback')
    await waiting
    await closePools(`${db.target.serverId}-${role}`)
    await Promise.all([holder.end(), waiter.end()])
    await db.client.query(`drop owned by ${worker}; drop role ${worker}`)
    await db.client.query(`drop owned by ${quoted}; drop role ${quoted}`)
    await db.drop()
  })

  const look = async () => {
    forgetReads()
    forgetFacts()
    const target = db.as(role, 'look')
    const [lines, activity, counted, settings] = [
      await privilegeDoctor(target, []),
      await readActivity(target),
      await runRead(target, statements, { showtext: true, dbid: null }),
      await runRead(target, statementSettings, {}),
    ]
    if (!lines.ok || !activity.ok || !counted.ok || !settings.ok || !settings.value[0]) throw new Error('not read')
    const line = lines.value.find(({ name }) => name === 'sessions-of-others')
    const theirs = counted.value.filter(({ rolname }) => rolname === worker)
    const notices = statementNotices(settings.value[0], {
      evictions: null,
      hidden: counted.value.filter(({ queryid }) => queryid === null).length,
    })
    const sessions = activity.value.sessions.filter(({ usename }) => usename === worker)
    return { line, activity: activity.value, sessions, theirs, notice: notices.find(({ kind }) => kind === 'no-privilege') }
  }

  it('misses what the doctor names, page by page, and the grant gives it', async () => {
    await expect
      .poll(async () => (await db.client.query('select cardinality(pg_blocking_pids($1)) as n', [pid])).rows[0].n)
      .toBeGreaterThan(0)
    const blind = await look()
    expect(blind.line).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('pg_stat_statements'),
      panels: expect.arrayContaining([expect.stringMatching(/^Activity: blocking/), expect.stringMatching(/^Queries: the list/)]),
      fix: [`GRANT pg_monitor TO ${quoted}`],
    })
    expect(blind.activity).toMatchObject({ trees: [], seesAll: false, grant: `GRANT pg_read_all_stats TO ${quoted};` })
    expect(blind.activity.counts.hidden).toBeGreaterThanOrEqual(2)
    // How old its snapshot is everybody may see, but not since when it is open.
    const theirs = blind.activity.holders.filter(({ detail }) => detail === worker)
    for (const held of theirs) expect(held).toMatchObject({ seconds: null, state: null, backendStart: null })
    expect(blind.sessions.map(({ hidden, state, query, wait_event_type }) => ({ hidden, state, query, wait_event_type }))).toEqual(
      Array(2).fill({ hidden: true, state: null, query: null, wait_event_type: null }),
    )
    expect(blind.theirs.length).toBeGreaterThan(0)
    for (const row of blind.theirs) expect(row.queryid).toBeNull()
    expect(blind.notice).toMatchObject({
      text: expect.stringMatching(new RegExp(`^${role} sees only its own statements. \\d+ statements of others`)),
      fix: blind.activity.grant,
    })

    await db.client.query(blind.activity.grant)
    const seeing = await look()
    expect(seeing.line?.status).toBe('fine')
    expect(seeing.activity).toMatchObject({ seesAll: true, counts: { hidden: 0 }, trees: [expect.objectContaining({ all: 1 })] })
    expect(seeing.sessions.map(({ state }) => state).sort()).toEqual(['active', 'idle in transaction'])
    expect(seeing.theirs.every(({ queryid }) => queryid !== null)).toBe(true)
    expect(seeing.notice).toBeUndefined()
  })
})
