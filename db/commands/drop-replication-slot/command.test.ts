import { Client, type ClientConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import { commandTest, KNOWN } from '../../../test/support/test-command'
import type { TestDatabase } from '../../../test/support/test-database'
import { formatBytes } from '../../domain/format'
import { MAJORS } from '../../embedded/binaries'
import { serverFacts } from '../../server/facts'
import { dropReplicationSlot } from './command'

describe.each(MAJORS)('drop-replication-slot on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, {
      wal_level: 'logical',
      // More files than these are not kept to be used again.
      min_wal_size: '32MB',
      max_wal_size: '32MB',
    })
    await db.client.query('create table written (id int, note text)')
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query } = commandTest(() => db, dropReplicationSlot)
  const physical = (name: string) => query(`select pg_create_physical_replication_slot('${name}', true)`)
  const logical = (name: string) => query(`select pg_create_logical_replication_slot('${name}', 'test_decoding')`)
  const there = (name: string) => query<number>(`select count(*)::int from pg_replication_slots where slot_name = '${name}'`)
  /** Eight WAL files of 16 MB. */
  const writeWal = async () => {
    for (let file = 0; file < 8; file += 1)
      await db.client.query(`insert into written select g, 'x' from generate_series(1, 100) g; select pg_switch_wal()`)
  }
  const before = async (slot: string) => {
    const { object, ...rest } = await planned({ slot, checkpoint: true })
    const prepared = await command.prepare(db.target, await facts(), { slot, checkpoint: true })
    if (!prepared.ok) throw new Error(prepared.problem.message)
    const { noted, input } = prepared.value
    return { ...rest, at: 0, object, bytes: null, dead: null, files: [], input, noted }
  }
  const facts = async () => {
    const found = await serverFacts(db.target)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }

  it('drops one that nobody uses, and with a checkpoint its WAL goes', async () => {
    await physical('left')
    await writeWal()
    await db.client.query('checkpoint')
    const { plan, line, ...state } = await before('left')
    expect(plan).toMatchObject({ undo: null, alwaysTyped: true, phrase: 'left', locks: [] })
    expect(plan.statements.slice(-2)).toEqual([`SELECT pg_drop_replication_slot('left')`, 'CHECKPOINT'])
    expect(line('in-use')?.status).toBe('pass')
    expect(line('consumer')?.status).toBe('warn')
    expect(line('wal')?.title).toMatch(/^It keeps [\d.]+ MB of WAL$/)
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'no' })
    const kept = Number(state.noted?.wal)
    await send(plan.statements)
    expect(await command.done(db.target, state)).toEqual({ ok: true, value: 'yes' })
    const freed = kept - (await query<number>('select sum(size)::int8::float8 from pg_ls_waldir()'))
    expect(freed).toBeGreaterThanOrEqual(16 * 1024 * 1024)
    const looked = await command.look?.(db.target, state, plan)
    expect(looked?.checkedAfter).toBe(`gone; pg_wal is ${formatBytes(freed)} smaller`)
  })

  it('leaves the checkpoint to the server unless it is asked for', async () => {
    await physical('later')
    const { plan } = await planned({ slot: 'later' })
    expect(plan.statements).not.toContain('CHECKPOINT')
    await send(plan.statements)
    expect(await there('later')).toBe(0)
    expect(await refused({ slot: 'later' })).toMatchObject({ kind: 'conflict' })
  })

  it('says what a logical one costs, and which other keeps the same WAL', async () => {
    await physical('older')
    await logical('decoded')
    const { plan, line } = await planned({ slot: 'decoded' })
    expect(line('consumer')).toMatchObject({ status: 'warn', detail: expect.stringContaining(db.target.database) })
    expect(line('wal')?.detail).toContain('older')
    expect(plan.effect.join(' ')).toContain('copy_data')
    expect(plan.effect.join(' ')).toContain('catalogs')
    await send(plan.statements)
    await send((await planned({ slot: 'older' })).plan.statements)
  })

  it('stops while it is in use, and for whoever is connected under its name', async () => {
    await logical('used')
    const busy = await walSender('used')
    await expect.poll(() => query('select active from pg_replication_slots where slot_name = $1', ['used'])).toBe(true)
    expect((await planned({ slot: 'used' })).line('in-use')).toMatchObject({ status: 'stop', detail: expect.stringContaining('pid') })
    await busy.end()
    await expect.poll(() => query('select active from pg_replication_slots where slot_name = $1', ['used'])).toBe(false)
    const { plan, line } = await planned({ slot: 'used' })
    expect(line('in-use')?.status).toBe('pass')
    await send(plan.statements)
  })

  it('takes neither temporary ones nor names that no slot has', async () => {
    const session = await db.connect()
    await session.query(`select pg_create_physical_replication_slot('fleeting', true, true)`)
    expect(await refused({ slot: 'fleeting' })).toMatchObject({ kind: 'conflict' })
    expect(await refused({ slot: `x'); drop table written; --` })).toMatchObject({ kind: 'invalid_input' })
    expect(await refused({ slot: 'nobody' })).toMatchObject({ kind: 'conflict' })
  })

  it('is refused to a role without REPLICATION, which is told what would allow it', async () => {
    await physical('guarded')
    await db.client.query(`create role weak login password 'x'; grant pg_monitor to weak`)
    const weak = await planned({ slot: 'guarded', checkpoint: true }, db.as('weak', 'x'))
    expect(weak.line('privilege')).toMatchObject({ status: 'stop', detail: expect.stringContaining('ALTER ROLE weak REPLICATION') })
    expect(weak.line('checkpoint-privilege')?.status).toBe('stop')
    await db.client.query(`alter role weak replication${major < 15 ? '' : '; grant pg_checkpoint to weak'}`)
    const may = await planned({ slot: 'guarded', checkpoint: major >= 15 }, db.as('weak', 'x'))
    expect(may.preflight.filter(({ status }) => status === 'stop')).toEqual([])
    const session = await db.connect({ user: 'weak', password: 'x' })
    for (const statement of may.plan.statements) await session.query(statement)
    expect(await there('guarded')).toBe(0)
  })

  it('refuses a copy of the primary', async () => {
    await physical('copied')
    const found = await dropReplicationSlot.facts(db.target, { slot: 'copied', checkpoint: false })
    if (!found.ok) throw new Error(found.problem.message)
    const context = { ...found.value, server: { ...(await facts()), inRecovery: true }, known: KNOWN }
    const synced = { ...context, facts: { ...context.facts, synced: true } }
    expect(dropReplicationSlot.plan({ slot: 'copied', checkpoint: false }, context).ok).toBe(true)
    expect(dropReplicationSlot.plan({ slot: 'copied', checkpoint: false }, synced)).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
  })

  /** Streams from a slot, as a subscriber does. */
  const walSender = async (slot: string) => {
    const { host, port, user, password, database } = db.target
    const client = new Client({ host, port, user, password, database, replication: 'database' } as ClientConfig)
    client.on('error', () => undefined)
    await client.connect()
    client.query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0`).catch(() => undefined) // it ends with the connection
    return { end: () => query('select pg_terminate_backend(active_pid, 10000) from pg_replication_slots where slot_name = $1', [slot]) }
  }
})
