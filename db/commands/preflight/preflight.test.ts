import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KNOWN, prepare } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetFacts, serverFacts } from '../../server/facts'
import type { PreflightLine } from '../define-command'
import { COMMANDS } from '../registry'

describe.each(MAJORS)('the preflight on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const oidOf = async (name: string): Promise<number> => (await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  const line = (lines: PreflightLine[], name: string) => lines.find((one) => one.name === name)
  let oid: number
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table watched (id int); insert into watched values (1); create index watched_id on watched (id)')
    oid = await oidOf('watched_id')
  })

  afterAll(() => db.drop())

  it('passes where nothing is in the way', async () => {
    const { preflight } = await prepare(db.target, 'reindex-index', { oid })
    expect(preflight.filter(({ status }) => status === 'stop')).toEqual([])
    expect(line(preflight, 'privilege')).toMatchObject({ status: 'pass', detail: 'postgres is a superuser' })
    expect(line(preflight, 'lock-holder')?.status).toBe('pass')
  })

  it('names the transaction that CONCURRENTLY would wait for', async () => {
    const session = await db.connect()
    await session.query(`begin; set application_name = 'metabase'; select * from watched`)
    const pid = (await session.query('select pg_backend_pid() as pid')).rows[0].pid
    await expect
      .poll(async () => line((await prepare(db.target, 'reindex-index', { oid })).preflight, 'long-transaction'))
      .toMatchObject({ status: 'warn', detail: expect.stringContaining(`pid ${pid}, metabase`) })
    const exclusive = await prepare(db.target, 'reindex-index', { oid, concurrently: false })
    expect(line(exclusive.preflight, 'lock-user')).toMatchObject({ status: 'warn', detail: expect.stringContaining(`pid ${pid}`) })
    await session.query('rollback')
  })

  it('names who else works on the table, and does not hang behind an AccessExclusiveLock', async () => {
    const session = await db.connect()
    await session.query('begin; lock table watched in access exclusive mode')
    const { plan, preflight } = await prepare(db.target, 'reindex-index', { oid })
    expect(line(preflight, 'lock-holder')).toMatchObject({ status: 'warn', detail: expect.stringContaining('AccessExclusiveLock') })
    expect(plan.statements.at(-1)).toBe('REINDEX INDEX CONCURRENTLY public.watched_id')
    expect((await prepare(db.target, 'vacuum-table', { oid: await oidOf('watched') })).plan.prediction).toBeNull()
    await session.query('rollback')
  })

  it('names prepared transactions and inactive slots', async () => {
    const session = await db.connect()
    await session.query(`begin; create table elsewhere (id int); prepare transaction 'elsewhere_${major}'`)
    const before = await prepare(db.target, 'reindex-index', { oid })
    await session.query(`rollback prepared 'elsewhere_${major}'`)
    expect(line(before.preflight, 'prepared-transaction')).toMatchObject({
      status: 'pass',
      title: 'No prepared transaction in the way',
      detail: '1 in this database, none with a lock on the table',
    })
    await session.query(`begin; insert into watched values (2); prepare transaction 'forgotten_${major}'`)
    const slot = `idle_${db.target.database}`
    await db.client.query(`select pg_create_physical_replication_slot($1, true)`, [slot])
    const { preflight } = await prepare(db.target, 'reindex-index', { oid })
    await session.query(`rollback prepared 'forgotten_${major}'`)
    await db.client.query('select pg_drop_replication_slot($1)', [slot])
    expect(line(preflight, 'prepared-transaction')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining(`forgotten_${major}`),
    })
    expect(line(preflight, 'slots')).toMatchObject({ status: 'pass', detail: expect.stringMatching(/inactive/) })
  })

  it('stops a role without the privilege, and names the GRANT', async () => {
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'weak'`)
    try {
      const weak = db.as(role, 'weak')
      const { preflight } = await prepare(weak, 'reindex-index', { oid })
      const grant = major >= 17 ? `GRANT MAINTAIN ON public.watched TO ${role}` : `GRANT postgres TO ${role}`
      expect(preflight[0]).toMatchObject({ name: 'privilege', status: 'stop', detail: expect.stringContaining(grant) })
      expect(line(preflight, 'long-transaction')).toMatchObject({ status: 'warn', detail: expect.stringContaining('pg_read_all_stats') })
      await db.client.query(grant)
      expect(line((await prepare(weak, 'reindex-index', { oid })).preflight, 'privilege')?.status).toBe('pass')
    } finally {
      await db.client.query(`drop owned by ${role}; drop role ${role}`)
    }
  })

  it('stops CONCURRENTLY on catalogs, temporary tables and exclusion constraints', async () => {
    await db.client.query('create extension btree_gist; create table booked (r int4range, exclude using gist (r with &&))')
    await db.client.query('create temp table scratch (id int); create index scratch_id on scratch (id)')
    for (const index of ['pg_class_relname_nsp_index', 'scratch_id', 'booked_r_excl']) {
      const { preflight } = await prepare(db.target, 'reindex-index', { oid: await oidOf(index) })
      expect(preflight[0]).toMatchObject({ name: 'concurrently', status: 'stop' })
    }
  })

  it('stops when the disk is too full, and says when it cannot know', async () => {
    const stop = await prepare(db.target, 'reindex-index', { oid }, { freeBytes: async () => 1 })
    expect(stop.preflight[0]).toMatchObject({ name: 'free-disk', status: 'stop' })
    const unknown = await prepare(db.target, 'reindex-index', { oid })
    expect(line(unknown.preflight, 'free-disk')).toMatchObject({ status: 'pass', title: 'Free disk: cannot be known from here' })
  })

  it('says what a timeout of the role would have done', async () => {
    await db.client.query(`alter database ${db.target.database} set lock_timeout = '5s'`)
    const fresh = { ...db.target, serverId: `${db.target.serverId}-timeouts` }
    const { preflight } = await prepare(fresh, 'reindex-index', { oid })
    await db.client.query(`alter database ${db.target.database} reset lock_timeout`)
    expect(line(preflight, 'session-settings')).toMatchObject({ status: 'pass', detail: expect.stringContaining('lock_timeout is 5s') })
  })

  it('stops on minors with bug 17485 and on standbys', async () => {
    await db.client.query('create table minor (id int primary key)')
    const server = await serverFacts(db.target)
    if (!server.ok) throw new Error(server.problem.message)
    const old = { ...server.value, versionNum: 140_003, version: '14.3', inRecovery: true }
    const prepared = await COMMANDS.get('reindex-index')?.prepare(db.target, old, { oid: await oidOf('minor_pkey') })
    if (!prepared?.ok) throw new Error('not prepared')
    const plan = prepared.value.plan(KNOWN)
    if (!plan.ok) throw new Error(plan.problem.message)
    const preflight = await prepared.value.preflight(KNOWN, plan.value)
    expect(preflight.ok && preflight.value.filter(({ status }) => status === 'stop').map(({ name }) => name)).toEqual([
      'standby',
      'version',
    ])
    forgetFacts()
  })
})
