import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { runRead } from '../../server/run-read'
import { makeCheckpoint } from './command'
import { lastCheckpoint } from './facts'

describe.each(MAJORS)('make-checkpoint on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  const { command, planned, send } = commandTest(() => db, makeCheckpoint)
  const last = async () => {
    const rows = await runRead(db.target, lastCheckpoint, {})
    if (!rows.ok || !rows.value[0]) throw new Error('no checkpoint')
    return rows.value[0]
  }

  it('makes one, and knows it by the control file', async () => {
    const { plan, object } = await planned({})
    expect(plan).toMatchObject({ undo: null, waits: null, locks: [] })
    expect(plan.statements).toEqual(['SET statement_timeout = 0', 'CHECKPOINT'])
    const { checkpoint_at: at } = await last()
    const before = { at: 0, object, bytes: null, dead: null, files: [], noted: { checkpoint: at } }
    await send(plan.statements)
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    const now = (await last()).checkpoint_at
    expect(now).toBeGreaterThan(at)
    expect(await command.done(db.target, { ...before, noted: { checkpoint: now + 2 ** 40 } })).toEqual({ ok: true, value: 'no' })
  })

  it('warns of writes where more than a WAL file was written since', async () => {
    await db.client.query('create table much (note text); alter table much alter note set storage plain')
    await db.client.query(`insert into much select repeat('x', 1000) from generate_series(1, 30000)`)
    expect((await last()).wal_since).toBeGreaterThan(16 * 1024 * 1024)
    expect((await planned({})).line('io')?.status).toBe('warn')
  })

  it('is refused to who may not, with the GRANT', async () => {
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; grant pg_monitor to ${role}`)
    const stop = (await planned({}, db.as(role, 'x'))).line('checkpoint-privilege')
    expect(stop).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining(major < 15 ? 'superuser' : `GRANT pg_checkpoint TO ${role}`),
    })
    if (major >= 15) {
      await db.client.query(`grant pg_checkpoint to ${role}`)
      const may = await planned({}, db.as(role, 'x'))
      expect(may.line('checkpoint-privilege')?.status).toBe('pass')
      const session = await db.connect({ user: role, password: 'x' })
      for (const statement of may.plan.statements) await session.query(statement)
    }
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
  })
})
