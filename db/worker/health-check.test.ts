import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testConsole } from '../../test/support/test-console'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { type ConsoleDb, connectConsole } from '../console/client'
import { latestHealthCheck, latestMeasurements, measurementsOf } from '../console/health-checks'
import { server } from '../console/schema'
import { MAJORS } from '../embedded/binaries'
import { indexHealth } from '../indexes/index-health'
import { forgetFacts } from '../server/facts'
import { forgetReads } from '../server/run-read'
import { runHealthCheck } from './health-check'

let console: TestDatabase
let db: ConsoleDb
beforeAll(async () => {
  console = await testConsole()
  db = connectConsole(console.url)
})
afterAll(async () => {
  await db.$client.end()
  await console.drop()
})

describe.each(MAJORS)('a health check of PostgreSQL %i', (major) => {
  let target: TestDatabase
  beforeAll(async () => {
    target = await testDatabase(major)
    await db
      .insert(server)
      .values({ id: target.target.serverId, name: `PostgreSQL ${major}`, source: 'environment', database: target.target.database })
    await target.client.query(`
      create table "x""; --" (id int primary key, at int); create index "<img onerror>" on "x""; --" (at);
      insert into "x""; --" select n, n from generate_series(1, 50000) n`)
    await target.client.query('delete from "x""; --" where id % 5 > 0')
    await target.client.query('vacuum analyze "x""; --"')
  })
  afterAll(() => target.drop())

  const check = async () => {
    forgetReads()
    forgetFacts()
    const result = await runHealthCheck(target.target, 'dba@example.org', { db })
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }

  it('records what it could read, and why it could not measure', async () => {
    expect(await latestHealthCheck(target.target.serverId, target.target.database, db)).toBeNull()
    const recorded = await check()
    expect(recorded).toMatchObject({ requestedBy: 'dba@example.org', indexHealth: [{}, {}], indexBloat: [{}, {}] })
    expect(recorded.problems).toEqual([expect.objectContaining({ kind: 'missing_extension', fix: 'CREATE EXTENSION pageinspect' })])
    expect(await latestHealthCheck(target.target.serverId, target.target.database, db)).toEqual(recorded)
  })

  it('measures where it can, and the list then knows it', async () => {
    await target.client.query('create extension pageinspect; create extension pgstattuple')
    const recorded = await check()
    expect(recorded.problems).toEqual([])
    const measurements = await latestMeasurements(target.target.serverId, target.target.database, db)
    expect(measurements).toHaveLength(2)
    const health = await indexHealth(target.target, measurements)
    if (!health.ok) throw new Error(health.problem.message)
    for (const finding of health.value.findings) {
      expect(finding.measuredAt).not.toBeNull()
      const before = finding.bytes ?? 0
      const { rows } = await target.client.query('select pg_relation_size($1::oid)::int as bytes', [finding.indexrelid])
      expect(rows[0].bytes).toBe(before)
    }
    await target.client.query('reindex table "x""; --"')
    const { rows } = await target.client.query(
      'select indexrelid::int as oid, pg_relation_size(indexrelid)::int as bytes from pg_stat_user_indexes',
    )
    for (const { oid, bytes } of rows) {
      const measured = measurements.find(({ indexrelid }) => indexrelid === oid)
      expect(Math.abs((measured?.rebuiltBytes ?? 0) - bytes) / (measured?.bytes ?? 1)).toBeLessThan(0.05)
    }
    forgetReads()
    const after = await indexHealth(target.target, measurements)
    expect(after.ok && after.value.findings.map(({ measuredAt }) => measuredAt)).toEqual([null, null])
  })

  it('keeps the history of an index, and the newest of each', async () => {
    const [first] = await latestMeasurements(target.target.serverId, target.target.database, db)
    await check()
    const history = await measurementsOf(target.target.serverId, target.target.database, [first?.indexrelid ?? 0], db)
    expect(history).toHaveLength(2)
    expect(history[1]).toEqual(first)
    expect(await latestMeasurements(target.target.serverId, target.target.database, db)).toContainEqual(history[0])
  })

  it('measures nothing when there is no time', async () => {
    const before = await latestMeasurements(target.target.serverId, target.target.database, db)
    forgetReads()
    await runHealthCheck(target.target, 'dba@example.org', { db, measureMs: -1 })
    expect(await latestMeasurements(target.target.serverId, target.target.database, db)).toEqual(before)
  })

  it('is a problem, and no record, when the server is gone', async () => {
    const gone = { ...target.target, serverId: `gone-${major}`, port: 1 }
    expect(await runHealthCheck(gone, 'dba@example.org', { db })).toMatchObject({ ok: false, problem: { kind: 'unreachable' } })
    expect(await latestHealthCheck(gone.serverId, gone.database, db)).toBeNull()
  })
})
