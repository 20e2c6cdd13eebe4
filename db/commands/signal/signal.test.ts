import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { runMarker } from '../../server/run-marker'
import { readActivity } from '../../sessions/activity'
import { loadPostmaster } from '../restart-server/facts'
import { cancelBackend, terminateBackend } from './commands'

describe.each(MAJORS)('cancel-backend and terminate-backend on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table t (id int primary key); insert into t values (1), (2)')
  })
  afterAll(() => db.drop())
  const cancel = commandTest(() => db, cancelBackend)
  const terminate = commandTest(() => db, terminateBackend)
  const { query, send } = cancel

  const who = async (client: Client) => {
    const { rows } =
      await client.query(`select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "backendStart"
      from pg_stat_activity where pid = pg_backend_pid()`)
    return rows[0] as { pid: number; backendStart: string }
  }
  const active = (pid: number) => query<boolean>(`select state = 'active' and query ~ 'sleep' from pg_stat_activity where pid = $1`, [pid])
  const since = (object: Awaited<ReturnType<typeof cancel.planned>>['object']) => ({
    at: Date.now(),
    object,
    bytes: null,
    dead: null,
    files: [],
  })

  it('cancels the statement that was shown, and no later one', async () => {
    const session = await db.connect()
    const input = await who(session)
    const sleeping = session.query(`select pg_sleep(60) /* x'); drop table t; -- */`).catch((error: Error) => error.message)
    await expect.poll(() => active(input.pid)).toBe(true)
    const { plan, object, line, preflight } = await cancel.planned(input)
    expect(plan.statements[0]).toContain(`WHERE pid = ${input.pid} AND backend_start = '${input.backendStart}' AND query_start = '`)
    expect(object).toMatchObject({ oid: input.pid, relname: `pid ${input.pid}`, schemaname: 'postgres' })
    expect(line('activity')?.detail).toContain('pg_sleep(60)')
    expect(preflight.map(({ status }) => status)).not.toContain('stop')
    const state = since(object)
    expect(await cancel.command.done(db.target, state)).toEqual({ ok: true, value: 'no' })
    expect(await send(plan.statements)).toEqual([[{ pg_cancel_backend: true }]])
    expect(await sleeping).toMatch(/canceling statement due to user request/)
    await expect.poll(() => active(input.pid)).toBe(false) // the error comes a moment before the session calls itself idle
    expect(await cancel.command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    const again = session.query('select pg_sleep(3)')
    await expect.poll(() => active(input.pid)).toBe(true)
    expect(await send(plan.statements)).toEqual([[]])
    await again
    expect((await cancel.planned(input)).preflight[0]).toMatchObject({ name: 'statement', status: 'stop' })
  })

  it('ends a session, says whom that unblocks, and spares a later session of that pid', async () => {
    const [holder, first, second] = [await db.connect(), await db.connect(), await db.connect()]
    const input = await who(holder)
    await holder.query(`set application_name = '<img src=x>'; begin; update t set id = 10 where id = 1`)
    const waits = (count: number) =>
      expect
        .poll(() => query(`select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .toBe(count)
    const waiting = [first.query('begin; update t set id = 11 where id = 1; commit')]
    await waits(1)
    waiting.push(second.query('begin; lock table t; commit'))
    await waits(2)
    expect((await cancel.planned(input)).preflight[0]).toMatchObject({
      name: 'statement',
      detail: expect.stringContaining('idle in a transaction'),
    })
    const { plan, object, line } = await terminate.planned(input)
    expect(plan).toMatchObject({ alwaysTyped: true, phrase: `pid ${input.pid}` })
    expect(line('activity')).toMatchObject({ title: '<img src=x> from 127.0.0.1', detail: expect.stringContaining('idle in transaction') })
    expect(line('blocks')).toMatchObject({
      title: 'It blocks 2 sessions',
      detail: expect.stringMatching(/waits for pid \d+ too\. 1 would be unblocked at once/),
    })
    expect(line('transaction')?.status).toBe('warn')
    const other = { ...input, backendStart: input.backendStart.replace(/\d{6}Z/, '000000Z') }
    expect(await terminate.refused(other)).toMatchObject({ kind: 'conflict', message: expect.stringContaining('another one') })
    const elsewhere = plan.statements.map((statement) => statement.replace(input.backendStart, other.backendStart))
    expect(await send(elsewhere)).toEqual([[]])
    const state = since(object)
    expect(await terminate.command.done(db.target, state)).toEqual({ ok: true, value: 'no' })
    expect(await send(plan.statements)).toEqual([[{ pg_terminate_backend: true }]])
    expect(await terminate.command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    await Promise.all(waiting)
    expect(await terminate.refused(input)).toMatchObject({ kind: 'conflict', message: expect.stringContaining('has ended') })
  })

  it('leaves its own sessions, and those that are no client, alone', async () => {
    const session = await db.connect()
    await session.query(`set application_name = 'proctor run 1'`)
    expect((await terminate.refused(await who(session))).message).toContain("Proctor's own")
    const { rows } =
      await db.client.query(`select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "backendStart"
      from pg_stat_activity where backend_type = 'checkpointer'`)
    expect((await terminate.refused(rows[0])).message).toContain('is a checkpointer')
    expect((await cancel.refused(rows[0])).message).toContain('is a checkpointer')
  })

  it("tells another console's run from its own, and leaves that to whoever confirms it", async () => {
    const session = await db.connect()
    const [ours, theirs] = ['0123456789ab', 'ba9876543210']
    await session.query(`set application_name = '${runMarker('1', theirs)}'`)
    const at = await who(session)
    for (const one of [cancel, terminate]) {
      expect((await one.refused(at, { ...db.target, consoleId: theirs })).message).toContain("Proctor's own")
      const planned = await one.planned(at, { ...db.target, consoleId: ours })
      expect(planned.line('others-run')).toMatchObject({ status: 'warn', detail: expect.stringContaining(theirs) })
    }
    const activity = await readActivity({ ...db.target, consoleId: ours })
    expect(activity).toMatchObject({ ok: true })
    if (activity.ok) expect(activity.value.sessions.find(({ pid }) => pid === at.pid)).toMatchObject({ own: false, others_run: true })
    const cut = async (consoleId: string) => {
      const found = await loadPostmaster({ ...db.target, consoleId })
      return found.ok && found.value.facts.cut.filter(({ who: name }) => name.startsWith(runMarker('1', theirs))).length
    }
    expect([await cut(ours), await cut(theirs)]).toEqual([1, 0])
  })

  it.each([
    { pid: 0 },
    { pid: 1.5 },
    { pid: '1 or true' },
    { backendStart: "'; drop table t; --" },
    { backendStart: '' },
    { pid: 1, backendStart: '2026-01-01T00:00:00.000000Z\0' },
  ])('takes no %j', async (part) => {
    expect((await cancel.refused({ pid: 1, backendStart: '2026-01-01T00:00:00.000000Z', ...part })).kind).toBe('invalid_input')
  })

  it('says which right is missing', async () => {
    const role = `weak_${db.target.database}`
    const peer = `peer_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; create role ${peer} login password 'x'`)
    const weak = db.as(role, 'x')
    const session = await db.connect({ user: peer, password: 'x' })
    const input = { ...(await who(session)) }
    const superuser = await who(await db.connect())
    expect(await terminate.refused(input, weak)).toMatchObject({
      kind: 'insufficient_privilege',
      fix: `GRANT pg_read_all_stats TO ${role}`,
    })
    await db.client.query(`grant pg_read_all_stats to ${role}`)
    expect((await terminate.planned(input, weak)).preflight[0]).toMatchObject({
      name: 'privilege',
      status: 'stop',
      detail: `GRANT pg_signal_backend TO ${role} would allow it.`,
    })
    await db.client.query(`grant pg_signal_backend to ${role}`)
    expect((await terminate.planned(input, weak)).line('privilege')?.status).toBe('pass')
    expect((await terminate.planned(superuser, weak)).preflight[0]).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining('superuser'),
    })
    await session.end()
    await db.client.query(`drop role ${role}; drop role ${peer}`)
  })
})
