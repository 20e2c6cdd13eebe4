import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import type { Row } from '../../server/define-read'
import { forgetReads, runRead } from '../../server/run-read'
import { indexHealth } from './index-health'

/** Index names that PostgreSQL takes and pages trip over; the last has 63 bytes. */
const HOSTILE = ['x"; drop table users; --', '<img onerror>', '名'.repeat(21)]

describe.each(MAJORS)('index-health on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.client.query('drop schema public cascade; create schema public')
    forgetReads()
  })

  const look = async (): Promise<Map<string, Row<typeof indexHealth>>> => {
    const result = await runRead(db.target, indexHealth, {})
    if (!result.ok) throw new Error(result.problem.message)
    return new Map(result.value.map((row) => [row.indexrelname, row]))
  }
  it('is empty on an empty database', async () => {
    expect(await look()).toEqual(new Map())
  })

  it('reads use and what an index enforces', async () => {
    await db.client.query(
      'create table t (id int primary key, a int); create index t_a on t (a); insert into t select n, n from generate_series(1, 1000) n',
    )
    await db.client.query('vacuum analyze t')
    await db.client.query('set enable_seqscan = off; select count(*) from t where a = 5; reset enable_seqscan')
    const counted = async () => {
      await db.client.query('select 1') // up to 14 a session reports its counters only as it ends a statement
      forgetReads()
      return (await look()).get('t_a')?.idx_scan
    }
    await expect.poll(counted).toBe('1')
    const found = await look()
    expect(found.get('t_a')).toMatchObject({
      reltuples: 1000,
      idx_scan: '1',
      table_changes: '1000',
      conname: null,
      skipped: null,
    })
    expect(found.get('t_a')?.last_idx_scan === null).toBe(major < 16)
    expect(found.get('t_pkey')).toMatchObject({ conname: 't_pkey', indisprimary: true, indisunique: true, idx_scan: '0' })
  })

  it('names the root of a partitioned index', async () => {
    await db.client.query(`
      create table part (id int primary key, at int) partition by range (id); create index part_at on part (at);
      create table part_1 partition of part for values from (0) to (10) partition by range (id);
      create table part_11 partition of part_1 for values from (0) to (5)`)
    const found = await look()
    const root = found.get('part_at')
    expect(root).toMatchObject({ relkind: 'I', indexroot: null })
    expect(found.get('part_1_at_idx')).toMatchObject({ relkind: 'I', indexroot: root?.indexrelid })
    expect(found.get('part_11_at_idx')).toMatchObject({ relkind: 'i', indexroot: root?.indexrelid })
  })

  it('names what is under an AccessExclusiveLock, held or waited for, and reads the rest', async () => {
    await db.client.query('create table t (a int, b int); create index t_a on t (a) where b > 1; create table free (a int primary key)')
    const holder = await db.connect()
    await holder.query('begin; lock table t in access share mode; select 1')
    const waiter = await db.connect()
    const waited = waiter.query('begin; lock table t in access exclusive mode; drop index t_a; rollback')
    let queued = await look()
    const skipped = async () => {
      forgetReads()
      queued = await look()
      return queued.get('t_a')?.skipped
    }
    await expect.poll(skipped).toMatch(/^AccessExclusiveLock waited for by pid \d+$/)
    expect(queued.get('free_pkey')).toMatchObject({ skipped: null })
    await holder.query('commit')
    await waited
    await holder.query('begin; reindex index t_a')
    forgetReads()
    const held = await look()
    expect(held.get('t_a')?.skipped).toMatch(/^AccessExclusiveLock held by pid \d+$/)
    await holder.query('rollback')
  })

  it('returns hostile names as they are', async () => {
    const quoted = HOSTILE.map((name) => `"${name.replaceAll('"', '""')}"`)
    await db.client.query(
      `create table ${quoted[1]} (a int); ${quoted.map((name) => `create index ${name === quoted[1] ? '"<b>"' : name} on ${quoted[1]} (a)`).join('; ')}`,
    )
    const found = await look()
    expect([...found.keys()].sort()).toEqual([HOSTILE[0], '<b>', HOSTILE[2]].sort())
    expect([...found.values()].every((row) => row.relname === HOSTILE[1])).toBe(true)
  })
})
