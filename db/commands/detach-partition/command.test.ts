import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { attachPartition } from '../attach-partition/command'
import { detachPartition } from './command'

describe.each(MAJORS)('detach-partition and attach-partition on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let oid: number
  beforeEach(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table "Log" (at timestamptz not null, note text) partition by range (at);
      create table "Log's 1" partition of "Log" for values from ('2024-01-01') to ('2024-02-01');
      create table log2 partition of "Log" for values from ('2024-02-01') to ('2024-03-01'); create index on "Log" (at);
      insert into "Log" values ('2024-01-05', 'x'), ('2024-02-05', 'y'); analyze`)
    oid = await detaches.oidOf(`"Log's 1"`)
  })
  afterEach(() => db.drop())
  const detaches = commandTest(() => db, detachPartition)
  const attaches = commandTest(() => db, attachPartition)
  const rows = () => detaches.query<number>('select count(*)::int from "Log"')
  const state = (object: object, input?: Record<string, unknown>) => ({
    at: 0,
    object: object as never,
    bytes: null,
    dead: null,
    files: [],
    input,
  })

  it('detaches CONCURRENTLY, and attaches again without a scan', async () => {
    const { plan, object, line } = await detaches.planned({ oid })
    expect(plan).toMatchObject({ form: 'concurrently', alwaysTyped: true, phrase: "Log's 1" })
    expect(plan.statements.at(-1)).toBe(`ALTER TABLE public."Log" DETACH PARTITION public."Log's 1" CONCURRENTLY`)
    expect(plan.locks.map(({ mode }) => mode)).toEqual(['AccessExclusiveLock', 'ShareUpdateExclusiveLock'])
    expect(line('privilege')?.status).toBe('pass')
    expect(line('parent-lock-holder')?.status).toBe('pass')
    expect(await detaches.command.done(db.target, state(object))).toEqual({ ok: true, value: 'no' })
    await detaches.send(plan.statements)
    expect(await detaches.command.done(db.target, state(object))).toEqual({ ok: true, value: 'yes' })
    expect(await rows()).toBe(1)
    expect((await detaches.refused({ oid })).kind).toBe('conflict')
    expect(plan.undoWith?.command).toBe('attach-partition')
    const back = await attaches.planned(plan.undoWith?.input)
    expect(back.line('scan')?.status).toBe('pass')
    expect(back.plan.statements.at(-1)).toBe(plan.undo)
    expect(await attaches.command.done(db.target, state(back.object))).toEqual({ ok: true, value: 'no' })
    await attaches.send(back.plan.statements)
    expect(await attaches.command.done(db.target, state(back.object))).toEqual({ ok: true, value: 'yes' })
    expect(await rows()).toBe(2)
    // And the undo of that, too.
    await detaches.send((await detaches.planned(back.plan.undoWith?.input)).plan.statements)
    expect(await rows()).toBe(1)
  })

  it('does without CONCURRENTLY beside a default partition, and locks all of it', async () => {
    await db.client.query('create table rest partition of "Log" default')
    const { plan } = await detaches.planned({ oid })
    expect(plan.statements.at(-1)).toBe(`ALTER TABLE public."Log" DETACH PARTITION public."Log's 1"`)
    expect(plan.locks.map(({ mode }) => mode)).toEqual(['AccessExclusiveLock', 'AccessExclusiveLock'])
    expect((await detaches.refused({ oid, concurrently: true })).kind).toBe('conflict')
    await detaches.send(plan.statements)
    expect(await rows()).toBe(1)
    const back = await attaches.planned(plan.undoWith?.input)
    expect(back.line('default-partition')?.status).toBe('warn')
    const scan = back.line('scan')
    expect(scan).toMatchObject({ status: 'warn', detail: expect.stringContaining('CHECK (at IS NOT NULL AND at >= ') })
    // The advice is what proves it.
    for (const statement of scan?.detail.match(/ALTER TABLE [^;]*?(?=;|\.$)/g) ?? []) await db.client.query(statement)
    expect((await attaches.planned(plan.undoWith?.input)).line('scan')?.status).toBe('pass')
    const notices: string[] = []
    const session = await db.connect()
    session.on('notice', ({ message }) => notices.push(message ?? ''))
    await session.query('set client_min_messages = debug1')
    for (const statement of back.plan.statements) await session.query(statement)
    expect(notices.join('\n')).toMatch(/partition constraint for table "Log's 1" is implied by existing constraints/)
    expect(await rows()).toBe(2)
  })

  it('finishes what was cut off', async () => {
    const holder = await db.connect()
    await holder.query('begin; select from "Log"')
    const half = await db.connect()
    const pid = (await half.query('select pg_backend_pid() as pid')).rows[0].pid
    const cut = half.query(`alter table "Log" detach partition "Log's 1" concurrently`).catch(() => undefined)
    const pending = () => detaches.query<boolean>('select bool_or(inhdetachpending) from pg_inherits where inhrelid = $1', [oid])
    await expect.poll(pending).toBe(true)
    await db.client.query('select pg_cancel_backend($1)', [pid])
    await cut
    await holder.query('rollback')
    const { plan, object } = await detaches.planned({ oid })
    expect(plan.statements.at(-1)).toMatch(/ FINALIZE$/)
    expect(await detaches.command.done(db.target, state(object))).toEqual({ ok: true, value: 'partly' })
    expect((await detaches.planned({ oid: await detaches.oidOf('log2') })).line('pending')?.status).toBe('stop')
    await detaches.send(plan.statements)
    expect(await detaches.command.done(db.target, state(object))).toEqual({ ok: true, value: 'yes' })
  })

  it('warns of foreign keys, and stops who does not own both', async () => {
    await db.client.query('alter table "Log" add primary key (at); create table refers (at timestamptz references "Log")')
    expect((await detaches.planned({ oid })).line('foreign-keys')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('refers'),
    })
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; alter table log2 owner to ${role}`)
    expect((await detaches.planned({ oid: await detaches.oidOf('log2') }, db.as(role, 'x'))).line('privilege')?.status).toBe('stop')
    await db.client.query(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`)
  })

  it.each([
    [`FOR VALUES IN (1)`, 'none'],
    [`for values from (MINVALUE) to ('2024-01-01')`, 'none'],
    [`FOR VALUES IN (-1, 'x''; --', null)`, 'none'],
    [`FOR VALUES WITH (modulus 4, remainder 1)`, 'none'],
    ['DEFAULT', 'none'],
    [`DEFAULT; drop table log2`, 'invalid_input'],
    [`DEFAULT, add column x int`, 'invalid_input'],
    [`FOR VALUES IN (1) -- more`, 'invalid_input'],
    [`FOR VALUES IN (pg_sleep(1))`, 'invalid_input'],
    [`FOR VALUES IN ((select 1))`, 'invalid_input'],
    [`FOR VALUES IN (other)`, 'invalid_input'],
    [`FOR VALUES IN (1`, 'invalid_input'],
    [``, 'invalid_input'],
  ])('reads the bound %j', async (bound, kind) => {
    await db.client.query('create table alone (at timestamptz not null, note text)')
    expect((await attaches.refused({ oid: await attaches.oidOf('alone'), parent: await attaches.oidOf('"Log"'), bound })).kind).toBe(kind)
  })
})
