import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import type { Params, Read, Row } from '../../server/define-read'
import { forgetFacts } from '../../server/facts'
import type { Problem } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { buffercacheSummary } from './buffercache-summary'
import { cacheSettings } from './cache-settings'
import { cachedRelations } from './cached-relations'
import { databaseIo } from './database-io'
import { ioByBackend } from './io-by-backend'
import { relationIo } from './relation-io'

const BLOCK = 8192

describe.each(MAJORS)('what the cache counts on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let watcher: Target
  let nobody: Target
  beforeAll(async () => {
    db = await testDatabase(major)
    const { database } = db.target
    await db.client.query(`
      create table lesson (id int primary key, body text);
      alter table lesson alter body set storage external;
      insert into lesson select g, case when g % 50 = 0 then repeat('x', 9000) else 'short' end from generate_series(1, 5000) g;
      create index lesson_body on lesson (left(body, 5));
      create table small (id int);
      insert into small values (1);
      create temp table mine as select generate_series(1, 1000) as id;
      create role watcher_${database} login password 'w'; grant pg_monitor to watcher_${database};
      create role nobody_${database} login password 'n'`)
    await db.client.query('select count(*), sum(length(body)), (select count(*) from small) from lesson')
    await db.client.query('vacuum lesson')
    watcher = db.as(`watcher_${database}`, 'w')
    nobody = db.as(`nobody_${database}`, 'n')
  })
  afterAll(async () => {
    const { database } = db.target
    await db.drop()
    const again = await testDatabase(major)
    await again.client.query(`drop role watcher_${database}, nobody_${database}`)
    await again.drop()
  })

  const read = async <T extends Read>(one: T, params: Params<T>, target = db.target): Promise<Row<T>[]> => {
    const answer = await runRead(target, { ...one, keep: 0 }, params)
    if (!answer.ok) throw new Error(answer.problem.message)
    return answer.value
  }
  const problem = async <T extends Read>(one: T, params: Params<T>, target = db.target): Promise<Problem> => {
    const answer = await runRead(target, { ...one, keep: 0 }, params)
    if (answer.ok) throw new Error('It was answered')
    return answer.problem
  }

  it('gives blocks of a table by its parts as the views do', async () => {
    const views = async () => {
      const { rows } = await db.client.query(`
        select heap_blks_read::text as read, heap_blks_hit::text as hit, idx_blks_read + idx_blks_hit as idx,
               toast_blks_hit + toast_blks_read + tidx_blks_hit + tidx_blks_read as toast
          from pg_statio_all_tables, pg_stat_clear_snapshot() where relname = 'lesson'`)
      return rows[0]
    }
    await expect.poll(async () => Number((await views()).toast)).toBeGreaterThan(0)
    const [row] = await read(relationIo, { most: 10 }, watcher)
    const expected = await views()
    const lesson = row?.tables.find(({ relname }) => relname === 'lesson')
    const sum = (part: string) =>
      (lesson?.parts ?? []).filter((one) => one.part === part).reduce((all, { read: r, hit }) => all + Number(r) + Number(hit), 0)
    expect(lesson?.parts.find(({ part }) => part === 'heap')).toMatchObject({ read: expected.read, hit: expected.hit })
    expect(Number(lesson?.parts.find(({ part }) => part === 'heap')?.seq_scans)).toBeGreaterThan(0)
    expect(lesson?.parts.filter(({ seq_scans }) => seq_scans !== '0').map(({ part }) => part)).toEqual(['heap'])
    expect(sum('index')).toBe(Number(expected.idx))
    expect(sum('toast')).toBe(Number(expected.toast))
    expect(
      lesson?.parts
        .filter(({ part }) => part === 'index')
        .map(({ relname }) => relname)
        .sort(),
    ).toEqual(['lesson_body', 'lesson_pkey'])
    expect(lesson?.parts.every(({ bytes }) => (bytes ?? 0) >= BLOCK)).toBe(true)
    expect(row?.tables.map(({ relname }) => relname)).not.toContain('mine')
    expect(row?.indexes.map(({ relname, table }) => `${relname} of ${table}`).sort()).toEqual([
      'lesson_body of lesson',
      'lesson_pkey of lesson',
    ])
    expect(row).toMatchObject({ table_count: 2, index_count: 2 })
    expect(Number(row?.system_hit)).toBeGreaterThan(0)
    expect(Number(row?.user_hit)).toBeGreaterThanOrEqual(Number(row?.index_hit))
  })

  it('returns no more than was asked for, and sums up all', async () => {
    const [all] = await read(relationIo, { most: 10 })
    const [one] = await read(relationIo, { most: 1 })
    expect(one?.tables).toHaveLength(1)
    expect(one?.table_count).toBe(2)
    expect(Number(one?.user_hit)).toBeGreaterThanOrEqual(Number(all?.user_hit))
  })

  it('leaves out the size of what a lock hides, and waits for none', async () => {
    const holder = await db.connect()
    await holder.query('begin; lock table small in access exclusive mode')
    const [row] = await read(relationIo, { most: 10 })
    await holder.query('rollback')
    expect(row?.tables.find(({ relname }) => relname === 'small')?.parts.map(({ bytes }) => bytes)).toEqual([null])
    expect(row?.tables.find(({ relname }) => relname === 'lesson')?.parts[0]?.bytes).toBeGreaterThan(0)
  })

  it('gives every database its blocks, and a size where the role may know it', async () => {
    const own = (rows: Row<typeof databaseIo>[]) => rows.find(({ datname }) => datname === db.target.database)
    await expect.poll(async () => Number(own(await read(databaseIo, {}))?.blks_hit)).toBeGreaterThan(0)
    expect(own(await read(databaseIo, {}))?.bytes).toBeGreaterThan(1_000_000)
    await db.client.query('revoke connect on database template1 from public')
    const seen = async (target: Target) => (await read(databaseIo, {}, target)).find(({ datname }) => datname === 'template1')?.bytes
    expect(await seen(nobody)).toBeNull()
    expect(await seen(watcher)).toBeGreaterThan(1_000_000)
    await db.client.query('grant connect on database template1 to public')
  })

  it('knows what the server caches with', async () => {
    const [row] = await read(cacheSettings, {}, nobody)
    const { rows } = await db.client.query(`select pg_size_bytes(current_setting('shared_buffers'))::text as bytes`)
    expect(row).toMatchObject({ block_size: BLOCK, shared_buffers: Number(rows[0].bytes), autoprewarm: false })
    expect(row?.io_combine_limit === null).toBe(major < 17)
    expect(row?.buffercache_available).toMatch(/^1\.\d$/)
  })

  const until16 = major < 16 ? it : null
  until16?.('has no pg_stat_io', async () => {
    expect(await problem(ioByBackend, {})).toMatchObject({ kind: 'unsupported_version' })
    expect(await problem(buffercacheSummary, {})).toMatchObject({ kind: 'unsupported_version' })
  })

  const from16 = major >= 16 ? it : null
  from16?.('gives pg_stat_io with what a backend never does, in bytes', async () => {
    await db.client.query('checkpoint')
    const rows = await read(ioByBackend, {}, nobody)
    const of = (backend: string, object = 'relation', context = 'normal') =>
      rows.find((row) => row.backend_type === backend && row.object === object && row.context === context)
    expect(of('background writer')).toMatchObject({ reads: null, extends: null, evictions: null })
    expect(Number(of('client backend')?.hits)).toBeGreaterThan(0)
    expect(of('client backend')?.extend_bytes).toBeGreaterThanOrEqual(Number(of('client backend')?.extends) * BLOCK)
    expect(rows.some(({ object }) => object === 'wal')).toBe(major >= 18)
    expect(rows.some(({ object }) => object === 'temp relation')).toBe(true)
  })

  it('says what pg_buffercache would take', async () => {
    await db.client.query('drop extension if exists pg_buffercache')
    forgetFacts()
    expect(await problem(cachedRelations, { most: 5 })).toMatchObject({
      kind: 'missing_extension',
      fix: 'CREATE EXTENSION pg_buffercache',
    })
    await db.client.query(
      'create schema if not exists ext; create extension pg_buffercache schema ext; grant usage on schema ext to public',
    )
    forgetFacts()
    expect(await problem(cachedRelations, { most: 5 }, nobody)).toMatchObject({
      kind: 'insufficient_privilege',
      fix: expect.stringContaining('GRANT pg_monitor TO'),
    })
    expect(await read(cachedRelations, { most: 5 }, watcher)).toHaveLength(1)
  })

  it('gives what shared_buffers holds, relation by relation', async () => {
    await db.client.query('create schema if not exists ext; create extension if not exists pg_buffercache schema ext')
    forgetFacts()
    await db.client.query('select count(*) from lesson')
    const [row] = await read(cachedRelations, { most: 500 })
    const [few] = await read(cachedRelations, { most: 1 })
    const [settings] = await read(cacheSettings, {})
    expect(row?.buffers).toBe((settings?.shared_buffers ?? 0) / BLOCK)
    const lesson = row?.relations.find(({ relname }) => relname === 'lesson')
    const { rows } = await db.client.query(`select pg_relation_size('lesson') / 8192 as blocks`)
    expect(lesson?.buffers).toBeGreaterThanOrEqual(Number(rows[0].blocks))
    expect(lesson?.usage.reduce((sum, n) => sum + n, 0)).toBe(lesson?.buffers)
    expect(row?.relations.find(({ relkind, owner }) => relkind === 't' && owner === 'lesson')?.buffers).toBeGreaterThan(0)
    expect(row?.relations.find(({ relname }) => relname === 'lesson_pkey')?.owner).toBe('lesson')
    expect(row?.elsewhere.some(({ datname }) => datname === null)).toBe(true) // shared catalogs
    expect(few?.relations).toHaveLength(1)
    expect(few?.others.relations).toBeGreaterThan(2)
    const held = (of: typeof row) =>
      [...(of?.relations ?? []), of?.others, ...(of?.elsewhere ?? [])].reduce((sum, one) => sum + (one?.buffers ?? 0), 0)
    for (const one of [row, few]) expect(held(one)).toBe((one?.buffers ?? 0) - (one?.unused ?? 0))
  })

  from16?.('sums them up without reading each', async () => {
    await db.client.query('create schema if not exists ext; create extension if not exists pg_buffercache schema ext')
    forgetFacts()
    const [row] = await read(buffercacheSummary, {}, watcher)
    const [settings] = await read(cacheSettings, {})
    const all = (settings?.shared_buffers ?? 0) / BLOCK
    expect((row?.buffers_used ?? 0) + (row?.buffers_unused ?? 0)).toBe(all)
    expect(row?.usage.map(({ usage_count }) => usage_count)).toEqual([0, 1, 2, 3, 4, 5])
    expect(row?.usage.reduce((sum, { buffers }) => sum + buffers, 0)).toBe(all)
    expect(await problem(buffercacheSummary, {}, nobody)).toMatchObject({ fix: expect.stringContaining('GRANT pg_monitor TO') })
  })
})
