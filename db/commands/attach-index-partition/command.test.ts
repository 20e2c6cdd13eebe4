import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { attachIndexPartition } from './command'

const PARTITIONED = `
  create table p (a int not null, b int not null) partition by list (a);
  create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
  create table "P 3" partition of p for values in (3) partition by list (b); create table p4 partition of "P 3" for values in (4);
  insert into p select x, 4 from generate_series(1, 3) x`

describe.each(MAJORS)('attach-index-partition on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeEach(async () => {
    db = await testDatabase(major)
    await db.client.query(PARTITIONED)
  })
  afterEach(() => db.drop())
  const { command, planned, refused, send, query, oidOf } = commandTest(() => db, attachIndexPartition)
  const invalid = () => query<number>('select count(*)::int from pg_index where not indisvalid')

  it('builds what is missing, takes what is there, and makes the whole valid', async () => {
    await db.client.query(`create index p_b on only p (b); create index own on p1 (b)`)
    const oid = await oidOf('p_b')
    const { plan, object, line } = await planned({ oid })
    expect(plan).toMatchObject({ undo: null, form: 'concurrently', alwaysTyped: false, writesIndexes: 'anew', dropsCopy: true })
    expect(plan.parts).toHaveLength(2)
    expect(plan.steps?.map(({ name }) => name)).toEqual(expect.arrayContaining(['p1', 'p2', 'P 3', 'p4']))
    expect(plan.statements).toContain('ALTER INDEX public.p_b ATTACH PARTITION public.own')
    expect(plan.locks.map(({ mode }) => mode)).toEqual(['AccessExclusiveLock', 'ShareUpdateExclusiveLock'])
    expect(plan.statements.filter((sql) => !sql.startsWith('SET '))).toHaveLength(plan.steps?.length ?? 0)
    expect(line('partitions')?.status).toBe('pass')
    expect(line('privilege')?.status).toBe('pass')
    const before = { at: 0, object, bytes: null, dead: null, files: [] }
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'no' })
    const attaches = plan.statements.findIndex((sql) => sql.startsWith('ALTER INDEX public.p_b ATTACH'))
    await send(plan.statements.slice(0, attaches + 1))
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'partly' })
    expect((await command.look?.(db.target, before, plan))?.checkedAfter).toMatch(/^invalid/)
    // What an interrupted run left is gone on with.
    const rest = (await planned({ oid })).plan
    expect(rest.steps?.length).toBeLessThan(plan.steps?.length ?? 0)
    await send(rest.statements)
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    expect((await command.look?.(db.target, before, plan))?.checkedAfter).toMatch(/^valid/)
    expect(await invalid()).toBe(0)
    expect(await refused({ oid })).toMatchObject({ kind: 'conflict' })
  })

  it('gives partitions their constraint, and says that it shuts them for a moment', async () => {
    await db.client.query('alter table only p add constraint p_key unique (a, b)')
    const { plan } = await planned({ oid: await oidOf('p_key') })
    expect(plan.locks.map(({ mode }) => mode)).toEqual(['AccessExclusiveLock', 'AccessExclusiveLock', 'ShareUpdateExclusiveLock'])
    await send(plan.statements)
    expect(await invalid()).toBe(0)
    expect(await query(`select count(*)::int from pg_constraint where contype = 'u' and connamespace = 'public'::regnamespace`)).toBe(5)
  })

  it('rebuilds what a build that was cut off left', async () => {
    await db.client.query(`create index p_b on only p (b); create index half on p1 (b); create index on p2 (b); create index on "P 3" (b);
      update pg_index set indisvalid = false where indexrelid = 'half'::regclass`)
    const { plan } = await planned({ oid: await oidOf('p_b') })
    expect(plan.statements).toContain('REINDEX INDEX CONCURRENTLY public.half')
    await send(plan.statements)
    expect(await invalid()).toBe(0)
  })

  it('stops while somebody builds there, and who may not', async () => {
    await db.client.query('create index p_b on only p (b)')
    const oid = await oidOf('p_b')
    const holder = await db.connect()
    await holder.query('begin; lock table p1 in row exclusive mode')
    const builder = await db.connect()
    const built = builder.query('create index concurrently slow on p1 (b)')
    const building = 'select from pg_stat_progress_create_index where index_relid = to_regclass($1)'
    await expect.poll(async () => (await db.client.query(building, ['slow'])).rowCount).toBe(1)
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; grant pg_monitor to ${role}`)
    expect((await planned({ oid })).line('building')?.status).toBe('stop')
    const { line } = await planned({ oid }, db.as(role, 'x'))
    expect(line('building')?.status).toBe('stop')
    expect(line('privilege')?.status).toBe('stop')
    expect(line('partition-privilege')).toMatchObject({ status: 'stop', detail: expect.stringContaining(db.target.user) })
    await holder.query('rollback')
    await built
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('takes partitioned indexes alone, and only the top', async () => {
    await db.client.query(
      'create index p_b on only p (b); create index own on p1 (b); create index sub on "P 3" (b); alter index p_b attach partition sub',
    )
    expect(await refused({ oid: await oidOf('own') })).toMatchObject({ kind: 'conflict' })
    expect(await refused({ oid: await oidOf('sub') })).toMatchObject({ kind: 'conflict' })
    expect(await refused({ oid: await oidOf('p') })).toMatchObject({ kind: 'conflict' })
  })
})
