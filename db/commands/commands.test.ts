import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { prepare } from '../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import type { Plan } from './plan'

describe.each(MAJORS)('the commands on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pgstattuple')
  })
  afterAll(() => db.drop())

  const query = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
    Object.values((await db.client.query(sql, values)).rows[0] ?? {})[0] as T
  const oidOf = (name: string) => query<number>('select $1::regclass::oid', [name])
  const size = (name: string) => query<string>('select pg_relation_size($1::regclass)', [name]).then(Number)
  const run = async ({ statements }: Plan) => {
    const session = await db.connect()
    for (const statement of statements) await session.query(statement)
    await session.end()
  }
  /** A table whose index and heap are three quarters air. */
  const bloated = async (name: string) => {
    await db.client.query(`create table ${name} (id int, note text) with (autovacuum_enabled = off)`)
    await db.client.query(`insert into ${name} select i, repeat('x', 100) from generate_series(1, 20000) i`)
    await db.client.query(`create index ${name}_id on ${name} (id)`)
    await db.client.query(`delete from ${name} where id % 4 <> 0`)
  }
  const dead = (name: string) => query<string>('select n_dead_tup from pg_stat_all_tables where relid = $1::regclass', [name]).then(Number)

  it.each([true, false])('reindex-index shrinks a bloated index, concurrently %s', async (concurrently) => {
    await bloated(`shrink_${concurrently}`)
    const index = `shrink_${concurrently}_id`
    await db.client.query(`vacuum shrink_${concurrently}`)
    const before = await size(index)
    const { plan } = await prepare(db.target, 'reindex-index', { oid: await oidOf(index), concurrently })
    await run(plan)
    expect(await size(index)).toBeLessThan(before / 2)
    expect(await query('select indisvalid from pg_index where indexrelid = $1::regclass', [index])).toBe(true)
    const filler = concurrently ? 'CONCURRENTLY ' : ''
    expect(plan.statements.at(-1)).toBe(`REINDEX INDEX ${filler}public.${index}`)
    expect(plan.statements[0]).toBe(concurrently ? 'SET lock_timeout = 0' : "SET lock_timeout = '2s'")
    expect(plan.alwaysTyped).toBe(!concurrently)
    expect(plan.prediction?.bytesBefore).toBe(before)
  })

  it.each([true, false])('reindex-table shrinks every index, concurrently %s', async (concurrently) => {
    const table = `every_${concurrently}`
    await bloated(table)
    await db.client.query(`create index on ${table} (id, note)`)
    await db.client.query(`delete from ${table} where id % 8 <> 0; `)
    await db.client.query(`vacuum ${table}`)
    const before = await query<string>('select pg_indexes_size($1::regclass)', [table])
    const { plan } = await prepare(db.target, 'reindex-table', { oid: await oidOf(table), concurrently })
    expect(plan.prediction?.bytesBefore).toBe(Number(before))
    await run(plan)
    expect(await query<string>('select pg_indexes_size($1::regclass)', [table]).then(Number)).toBeLessThan(Number(before) / 2)
  })

  it('reindex-index goes partition by partition', async () => {
    await db.client.query(`
      create table parted (id int) partition by range (id);
      create table parted_1 partition of parted for values from (0) to (1000);
      create table parted_2 partition of parted for values from (1000) to (2000);
      insert into parted select generate_series(0, 1999);
      create index parted_id on parted (id)`)
    const files = () => query(`select array_agg(relfilenode order by relname) from pg_class where relname ~ '^parted_\\d_id'`)
    const before = await files()
    const { plan, preflight } = await prepare(db.target, 'reindex-index', { oid: await oidOf('parted_id') })
    expect(plan.effect.join(' ')).toContain('2 indexes')
    expect(plan.prediction?.bytesBefore).toBeGreaterThan(0)
    expect(preflight.map(({ status }) => status)).not.toContain('stop')
    await run(plan)
    expect(await files()).not.toEqual(before)
  })

  it('vacuum-table removes dead rows', async () => {
    await bloated('dusty')
    await expect.poll(() => dead('dusty')).toBeGreaterThan(10_000)
    const { plan } = await prepare(db.target, 'vacuum-table', { oid: await oidOf('dusty'), analyze: true })
    expect(plan.statements).toEqual(["SET lock_timeout = '10s'", 'SET statement_timeout = 0', 'VACUUM (ANALYZE, VERBOSE) public.dusty'])
    await run(plan)
    await expect.poll(() => dead('dusty')).toBe(0)
  })

  it('vacuum-table with FULL gives the space back', async () => {
    await bloated('fat')
    const before = await size('fat')
    const { plan } = await prepare(db.target, 'vacuum-table', { oid: await oidOf('fat'), full: true, freeze: true })
    expect(plan).toMatchObject({ alwaysTyped: true, locks: [{ mode: 'AccessExclusiveLock' }] })
    // An older transaction that writes in another database of the server keeps recent dead rows, even from VACUUM FULL.
    await vi.waitFor(
      async () => {
        await run(plan)
        expect(await size('fat')).toBeLessThan(before / 2)
      },
      { timeout: 120_000, interval: 500 },
    )
  })

  it('vacuum-table takes every option, and refuses what FULL cannot have', async () => {
    await bloated('chosen')
    const oid = await oidOf('chosen')
    const options = { oid, freeze: true, indexCleanup: 'off', truncate: false, parallel: 2 }
    const { plan } = await prepare(db.target, 'vacuum-table', options)
    expect(plan.statements.at(-1)).toBe('VACUUM (FREEZE, INDEX_CLEANUP OFF, TRUNCATE OFF, PARALLEL 2, VERBOSE) public.chosen')
    await run(plan)
    await expect(prepare(db.target, 'vacuum-table', { ...options, full: true })).rejects.toThrow(/PARALLEL, INDEX_CLEANUP, TRUNCATE/)
    await expect(prepare(db.target, 'vacuum-table', { oid, parallel: 5000 })).rejects.toThrow(/parallel/)
    await expect(prepare(db.target, 'vacuum-table', { oid, indexCleanup: 'off); drop table chosen; --' })).rejects.toThrow(/indexCleanup/)
  })

  it('analyze-table collects statistics', async () => {
    await bloated('unknown')
    const { plan } = await prepare(db.target, 'analyze-table', { oid: await oidOf('unknown') })
    await run(plan)
    expect(await query(`select count(*)::int from pg_stats where tablename = 'unknown'`)).toBe(2)
  })

  it('reindex-table predicts without the indexes that CONCURRENTLY leaves out', async () => {
    await db.client.query(
      'create table some_valid (id int); insert into some_valid values (1), (1); create index some_valid_id on some_valid (id)',
    )
    await db.client.query('create unique index concurrently some_valid_broken on some_valid (id)').catch(() => undefined)
    const [oid, size] = [await oidOf('some_valid_id'), 8192]
    const known = { rebuilt: { [oid]: { bytes: 2 * size, rebuiltBytes: size, trust: { kind: 'exact' as const } } } }
    const { plan } = await prepare(db.target, 'reindex-table', { oid: await oidOf('some_valid') }, known)
    const broken = Number(await query(`select pg_relation_size('some_valid_broken')`))
    const valid = Number(await query(`select pg_relation_size('some_valid_id')`))
    expect(plan.prediction).toMatchObject({ bytesBefore: valid + broken, bytesAfter: valid / 2 + broken, trust: { kind: 'exact' } })
  })

  it('drop-leftover-index drops an invalid leftover and nothing else', async () => {
    await db.client.query(
      'create table left_over (id int); insert into left_over values (1), (1); create index left_over_id on left_over (id)',
    )
    await expect(prepare(db.target, 'drop-leftover-index', { oid: await oidOf('left_over_id') })).rejects.toThrow(/valid index/)
    await db.client.query('create unique index concurrently left_over_id_ccnew on left_over (id)').catch(() => undefined)
    await db.client.query('create unique index concurrently left_over_broken on left_over (id)').catch(() => undefined)
    await run((await prepare(db.target, 'drop-leftover-index', { oid: await oidOf('left_over_broken') })).plan)
    const leftover = await oidOf('left_over_id_ccnew')
    const rebuild = await prepare(db.target, 'reindex-index', { oid: await oidOf('left_over_id') })
    expect(rebuild.preflight).toContainEqual(
      expect.objectContaining({ name: 'leftovers', status: 'warn', detail: expect.stringContaining('left_over_id_ccnew') }),
    )
    const { plan } = await prepare(db.target, 'drop-leftover-index', { oid: leftover })
    await run(plan)
    expect(await query(`select to_regclass('left_over_id_ccnew')`)).toBeNull()
    await expect(prepare(db.target, 'drop-leftover-index', { oid: leftover })).rejects.toThrow(/no index with OID/)
  })

  it('install-health-functions installs and renews both', async () => {
    await db.client.query('create schema "S ""1"""')
    for (const word of ['Install', 'Renew']) {
      const { plan } = await prepare(db.target, 'install-health-functions', { schema: 'S "1"' })
      expect(plan.title).toContain(word)
      await run(plan)
    }
    expect(await query('select count(*)::int from "S ""1""".monitor_index_health($1)', ['S "1"'])).toBe(0)
  })

  describe('names are only ever text', () => {
    const names = [
      'x"; drop table users; --',
      '<img onerror=alert(1)>',
      `it's "quoted" \\ $$`,
      'ä'.repeat(31),
      'Select',
      ' ',
      '\n',
      '%s',
      "'); select pg_sleep(9); --",
    ]
    beforeAll(() => db.client.query('create table users (id int)'))
    it.each(names)('%j', async (name) => {
      const quoted = `"${name.replaceAll('"', '""')}"`
      await db.client.query(
        `create schema ${quoted}; create table ${quoted}.${quoted} (id int); insert into ${quoted}.${quoted} values (1)`,
      )
      const index = `${name.slice(0, 30)}i`
      const quotedIndex = `"${index.replaceAll('"', '""')}"`
      await db.client.query(`create index ${quotedIndex} on ${quoted}.${quoted} (id)`)
      const table = await query<number>(
        'select c.oid from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = $1 and relname = $1',
        [name],
      )
      const indexOid = () => query<number>('select indexrelid from pg_index where indrelid = $1', [table])
      const commands: [string, object][] = [
        ['reindex-index', { oid: await indexOid(), concurrently: false }],
        ['reindex-table', { oid: table }],
        ['vacuum-table', { oid: table, full: true }],
        ['vacuum-table', { oid: table }],
        ['analyze-table', { oid: table }],
        ['install-health-functions', { schema: name }],
      ]
      for (const [command, input] of commands) {
        const { plan } = await prepare(db.target, command, input)
        await run(plan)
      }
      const { plan } = await prepare(db.target, 'reindex-index', { oid: await indexOid() }) // REINDEX TABLE CONCURRENTLY gave it another
      expect(plan.phrase).toBe(index)
      await run(plan)
      expect(await query(`select to_regclass('users') is not null`)).toBe(true)
    })
  })
})
