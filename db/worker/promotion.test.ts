import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DBA, planAndConfirm } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { type Standby, startStandby } from '../../test/support/standby'
import { type TwoClusters, twoClusters } from '../../test/support/two-clusters'
import { addServer } from '../console/server-changes'
import { findServer, recordedTarget } from '../console/servers'
import { freePort } from '../embedded/free-port'
import { readQueue } from '../runs/queue'
import type { Run } from '../runs/run-types'
import { readRunLog } from '../runs/runs'
import { closePools } from '../server/pool'
import type { Target } from '../server/target'

describe.each([14, 18] as const)('an address that leads to a standby of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  let two: TwoClusters
  let standby: Standby
  let there: Client
  let id = ''
  let number = 0
  beforeAll(async () => {
    two = await twoClusters(major)
    await two.a.client.query('create table sent (id int primary key, note text); create index sent_note on sent (note)')
  })
  /** A standby of its own for each test, and a server under a new name. */
  beforeEach(async () => {
    const { hostname: host, username: user, password } = new URL(two.url)
    const folder = path.join(path.dirname(two.a.dataDir), `standby-${++number}`)
    const settings = { fsync: 'off', max_connections: '30', log_statement: 'all', log_line_prefix: '[%a] ', autovacuum: 'off' }
    standby = await startStandby(two.a, { major, folder, port: await freePort(), password, settings })
    there = new Client({ connectionString: standby.url, application_name: 'the test' })
    there.on('error', () => undefined)
    await there.connect()
    await lead(two.a.port)
    const address = { host, port: two.address.port, user, password, database: 'postgres', sslmode: 'disable' as const }
    const added = await addServer({ name: `failover ${number}`, readOnly: false, address }, DBA)
    if (!added.ok) throw new Error(added.problem.message)
    id = added.value.id
    return async () => {
      await there.end()
      await standby.stop('immediate')
    }
  })
  afterAll(async () => {
    await closePools()
    await two.stop()
  })

  const target = async (): Promise<Target> => {
    const found = await recordedTarget(id)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }
  const lead = async (port: number) => {
    two.address.leadTo(port, { cut: true })
    await closePools()
  }
  const oid = async (name: string): Promise<number> => (await two.a.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  const file = async (name: string): Promise<number> =>
    (await there.query('select pg_relation_filenode($1::regclass) as file', [name])).rows[0].file
  const heldBy = async (run: Run) => (await readQueue()).get(run.id)
  const logOf = async (run: Run) => (await readRunLog(run.id)).map(({ message }) => message).join('\n')
  const sentThere = async () =>
    (await readFile(path.join(path.dirname(standby.dataDir), 'server.log'), 'utf8'))
      .split('\n')
      .filter((line) => /^\[proctor run.*(reindex|drop index)/i.test(line))

  it('holds a run until it is promoted, and carries it out there when it is the same', async () => {
    const run = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: false })
    const before = await file('sent_note')
    await standby.caughtUp()
    await lead(standby.port)
    await bench.startWorker()
    await expect.poll(() => heldBy(run)).toMatchObject({ because: 'standby' })
    expect(await sentThere()).toEqual([])
    await two.a.forget()
    await standby.promote()
    expect(await bench.over(run.id)).toMatchObject({ state: 'succeeded', timeline: 1 })
    expect(await logOf(run)).toContain('timeline 2 in place of 1')
    expect(await file('sent_note')).not.toBe(before)
    expect(await two.a.changes()).toEqual([])
    expect(await findServer(id)).toMatchObject({ timeline: 2, standbySince: null, otherIdentifier: null })
  })

  it('that lacks what was confirmed drops nothing that has come in its place', async () => {
    await standby.fallBehind()
    await two.a.client.query('create table late (a int, b int); create index late_key on late (a)')
    const run = await planAndConfirm(await target(), 'drop-index', { oid: await oid('late_key'), concurrently: false })
    const { object } = run
    await standby.promote()
    await there.query('create table late (a int, b int)')
    await there.query('create index late_key on late (b)')
    // Whatever the OIDs are that the promoted server gives: one that fits shows the most.
    const given = (await there.query(`select 'late_key'::regclass::oid as oid`)).rows[0].oid
    await lead(standby.port)
    await bench.startWorker()
    const ended = await bench.over(run.id)
    expect(ended).toMatchObject({ state: 'failed', problem: { kind: 'conflict' } })
    expect(object.definition).toBeDefined()
    if (given === object.oid) expect(ended.problem?.message).toMatch(/definition|rebuilt|table/)
    expect(await sentThere()).toEqual([])
    expect((await there.query(`select to_regclass('late_key') is not null as there`)).rows[0].there).toBe(true)
    await two.a.client.query('drop table late')
  })

  it('tells of a run that was going on what the promoted server shows', async () => {
    await two.a.client.query('begin; lock table sent in share mode')
    const run = await planAndConfirm(await target(), 'reindex-index', { oid: await oid('sent_note'), concurrently: true })
    const before = await file('sent_note')
    await bench.startWorker()
    await bench.until(run.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await standby.promote()
    await lead(standby.port)
    const ended = await bench.over(run.id)
    expect(ended).toMatchObject({ state: 'failed', problem: { message: expect.stringContaining('promoted (timeline 2 in place of 1') } })
    expect(await file('sent_note')).toBe(before)
    expect(await sentThere()).toEqual([])
    await two.a.client.query('rollback')
  })
})
