import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../test/support/or-throw'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { latestMeasurements } from '../console/health-checks'
import { indexHealth } from '../indexes/index-health'
import type { Growth } from '../indexes/size-baseline'
import { forgetReads } from '../server/run-read'
import type { Sampler } from '../worker/sampling/sampler'
import { filesOf, type KnownFiles, learnSizes } from './learn-sizes'

const HOUR_MS = 60 * MINUTE_MS

describe.each([14, 18] as const)('baselines that sampling learns on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  const steps = async (...statements: string[]) => {
    const session = await db.connect()
    for (const statement of statements) await session.query(statement)
    await session.end()
  }
  /** Until so many changed rows of t are counted, which 14 does a little later: uncounted, they would not have been seen to change. */
  const counted = (rows: number) =>
    expect
      .poll(async () => {
        const { rows: found } = await db.client.query(`select (pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid))::int as n
          from pg_class where oid = 't'::regclass`)
        return found[0].n
      })
      .toBe(rows)
  const trustOf = async (name: string) => {
    forgetReads()
    const health = orThrow(await indexHealth(db.target, await latestMeasurements(bench.serverId, db.target.database)))
    return health.findings.find(({ indexrelname }) => indexrelname === name)?.trust
  }
  const NONE = { kind: 'withheld', reason: 'GIN, no baseline until a rebuild' }

  beforeAll(async () => {
    db = await testDatabase(major)
    await steps(
      'create table t with (autovacuum_enabled = off) as select n as id, array[n % 1000, n % 7, n] as tags from generate_series(1, 30000) n',
      'create index t_gin on t using gin (tags)',
      'vacuum analyze t',
    )
    bench = await samplingBench(db)
    sampler = await bench.open()
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })

  it('none from an index that was there before', async () => {
    await counted(30_000)
    await bench.turn(sampler)
    expect(await trustOf('t_gin')).toMatchObject(NONE)
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_gin')).toMatchObject(NONE)
  })

  it('one from each rebuild that is seen, under whatever OID and name', async () => {
    await steps('reindex index concurrently t_gin')
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_gin')).toMatchObject({ kind: 'exact' })
    await steps('update t set tags = tags || id % 500 where id % 2 = 0', 'vacuum analyze t', 'alter index t_gin rename to t_tags')
    await counted(45_000)
    const churned = await trustOf('t_tags')
    expect(churned).toMatchObject({ kind: 'estimated', learned: { amount: 30_000, per: 'row' } })
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_tags')).toEqual(churned)
    await steps('reindex index t_tags')
    expect(await trustOf('t_tags')).toMatchObject(NONE)
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_tags')).toMatchObject({ kind: 'exact' })
  })

  it('one from an index that was built since, none where the table changed much meanwhile', async () => {
    await steps('create index t_new on t using gin (tags)')
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_new')).toMatchObject({ kind: 'exact' })
    await steps('reindex index t_new', 'update t set id = id where id % 4 = 0', 'vacuum analyze t')
    await counted(52_500)
    await bench.turn(sampler, HOUR_MS)
    expect(await trustOf('t_new')).toMatchObject(NONE)
  })
})

describe('learnSizes', () => {
  const index = {
    ...{ indexrelid: 1, relid: 2, schemaname: 'public', indexrelname: 'i', relname: 't', amname: 'gin', relfilenode: 10, reltablespace: 0 },
    ...{
      reloptions: '',
      fillfactor: null,
      block_size: 8192,
      partial: false,
      bytes: 1e6,
      table_bytes: 1e7,
      table_rows: 1000,
      entries: 1000,
    },
    table_changes: '5000',
  } satisfies Growth
  const at = new Date('2026-11-29T07:00:00Z')
  /** A look at the index, and at a second one that is there but not valid. */
  const look = (table_changes: string, former?: KnownFiles, building: number[] = []) => {
    const seen = (indexrelid: number, indisvalid: boolean) => ({
      indexrelid,
      relid: 2,
      relfilenode: indexrelid + 9,
      indisvalid,
      table_changes,
    })
    return filesOf([index], [seen(1, true), ...building.map((indexrelid) => seen(indexrelid, false))], former)
  }
  const before = look('5000')
  const learned = (more: Partial<Growth>) => learnSizes(before, [{ ...index, ...more }], at)

  it('learns from a new file, with a ± for what changed since', () => {
    expect(learned({ relfilenode: 11, table_changes: '5040' })).toEqual([
      expect.objectContaining({
        relfilenode: 11,
        bytes: 1e6,
        plusMinus: 6,
        detail: { amount: 1000, reloptions: '', table_changes: '5040' },
      }),
    ])
    expect(learned({ indexrelid: 7 })).toHaveLength(1)
  })

  it.each<[string, Partial<Growth>]>([
    ['the file is the same', {}],
    ['it was moved, which copies it', { relfilenode: 11, reltablespace: 9 }],
    ['much has changed', { relfilenode: 11, table_changes: '5101' }],
    ['the counters were reset', { relfilenode: 11, table_changes: '10' }],
    ['its table was not seen before', { indexrelid: 7, relid: 8, table_changes: '1000' }],
    ['its rows are not known', { relfilenode: 11, table_rows: null, entries: null }],
    ['it is locked', { relfilenode: 11, bytes: null }],
    ['it is tiny', { relfilenode: 11, bytes: 8192 }],
  ])('learns nothing where %s', (_, more) => {
    expect(learned(more)).toEqual([])
  })

  it('counts what changed since before a build was first seen, however many looks it took', () => {
    const built = (known: KnownFiles, table_changes: string) =>
      learnSizes(known, [{ ...index, indexrelid: 7, relfilenode: 16, table_changes }], at)
    const long = ['5060', '5090'].reduce((known, changes) => look(changes, known, [7]), before)
    expect(built(long, '5095')).toMatchObject([{ plusMinus: 14.25 }])
    expect(built(long, '5101')).toEqual([])
    // It was going on at the first look already.
    expect(built(look('5090', look('5060', undefined, [7]), [7]), '5095')).toEqual([])
  })

  it('learns nothing at first sight', () => {
    expect(learnSizes(undefined, [index], at)).toEqual([])
  })
})
