import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { listedId } from '../domain/listed-row'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../server/run-read'
import { type IndexHealth, indexHealth } from './index-health'
import { INDEX_SORTS, type IndexList, type ListedIndex, listIndexes, listIndexesParams } from './list-indexes'

const nameOf = (row: ListedIndex) => (row.verdict === 'missing' ? `new on ${row.finding.relname}` : row.indexrelname)

const HOSTILE = '<img onerror="x"> ; drop table users; --'

describe.each(MAJORS)('the indexes of a database on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())

  const list = async (params: Parameters<typeof listIndexes>[1] = {}): Promise<IndexList> => {
    const result = await listIndexes(db.target, params, [])
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }
  const health = async (): Promise<IndexHealth> => {
    forgetReads()
    const result = await indexHealth(db.target, [])
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }

  it('are none in an empty database', async () => {
    expect(await list()).toMatchObject({ rows: [], total: 0, counts: { all: 0 }, problems: [], summary: { total: 0, bytes: 0 } })
    expect((await list()).chart).toEqual({ largest: [], points: [], clusters: [], largeUnused: { count: 0, bytes: 0 } })
  })

  it('are filtered, sorted and paged, and agree with the server about sizes', async () => {
    await db.client.query(`
      create table users (id int primary key, email text, note text);
      create index users_email on users (email); create unique index users_email_key on users (email);
      create table "${HOSTILE.replaceAll('"', '""')}" (id int, at timestamptz);
      create index hostile_at on "${HOSTILE.replaceAll('"', '""')}" (at);
      insert into users select n, 'user ' || n, 'note' from generate_series(1, 5000) n;
      create table part (id int) partition by range (id); create index part_id on part (id);
      create table part_1 partition of part for values from (0) to (10)`)
    await db.client.query('vacuum analyze')
    forgetReads()
    const { rows, total, counts, summary, chart } = await list({ sort: 'name', dir: 'asc' })
    expect(rows.map(nameOf)).toEqual(['hostile_at', 'part_id', 'users_email', 'users_email_key', 'users_pkey'])
    expect(total).toBe(5)
    expect(counts).toMatchObject({ all: 5, redundant: 1 })
    const { rows: sizes } = await db.client.query('select sum(pg_relation_size(indexrelid))::int as bytes from pg_stat_user_indexes')
    expect(summary.bytes).toBe(sizes[0].bytes)
    expect(chart?.points).toHaveLength(5)
    expect(chart?.largest[0]?.bytes).toBe(Math.max(...rows.map((row) => (row.verdict === 'missing' ? 0 : (row.bytes ?? 0)))))

    expect((await list({ verdict: 'redundant' })).rows).toMatchObject([
      { indexrelname: 'users_email', redundantWith: { indexrelname: 'users_email_key', kind: 'duplicate' } },
    ])
    expect((await list({ q: 'IMG ONERROR' })).rows).toMatchObject([{ relname: HOSTILE }])
    const ids = [...rows.slice(0, 1).map(listedId), 4_294_967_295]
    expect(await list({ ids })).toMatchObject({ rows: [{ indexrelname: 'hostile_at' }], total: 1, chart: null })
    const found = await list({ q: 'users', sort: 'size', dir: 'desc', offset: 1, limit: 1 })
    expect(found).toMatchObject({ total: 4, counts: { all: 4, redundant: 1 }, chart: null })
    expect(found.rows).toHaveLength(1)
    for (const sort of INDEX_SORTS) expect((await list({ sort })).rows).toHaveLength(5)
  })

  it('stand beside those that foreign keys lack, which are filtered and found alike, and counted apart', async () => {
    const before = await list()
    await db.client.query(`
      create table lacking (id int, owner int constraint lacking_owner references users, "a b" int references users);
      insert into lacking select n, n, n from generate_series(1, 100) n`)
    forgetReads()
    const { rows, counts, missing, summary, total, chart } = await list()
    expect(missing).toBe(2)
    expect(counts).toMatchObject({ missing: 2, all: total })
    expect(total).toBe(before.total + 2)
    expect(summary).toMatchObject({ total: before.total, bytes: before.summary.bytes })
    expect(chart?.points).toHaveLength(before.total)
    // By reclaim they stand before what asks for nothing, and after what gives back.
    const places = rows.flatMap((row, at) => (row.verdict === 'missing' ? [at] : []))
    const gives = rows.filter((row) => row.verdict !== 'missing' && row.reclaimBytes > 0).length
    expect(places).toEqual([gives, gives + 1])

    const found = await list({ verdict: 'missing', q: 'A B' })
    expect(found).toMatchObject({ total: 1, rows: [{ columns: ['a b'], deleted: '0', finding: { fix: { command: 'create-index' } } }] })
    const ids = found.rows.map(listedId)
    expect(ids[0]).toBeLessThan(0)
    expect((await list({ ids })).rows.map(listedId)).toEqual(ids)
    for (const sort of INDEX_SORTS)
      for (const dir of ['asc', 'desc'] as const) expect((await list({ sort, dir })).rows).toHaveLength(before.total + 2)
    await db.client.query('drop table lacking')
    forgetReads()
    expect((await list()).missing).toBe(0)
  })

  it('say that a young window allows no verdict on unused, and name the candidates', async () => {
    const { unused, findings } = await health()
    expect(unused.withheld).toMatch(/^statistics are .+ old, 35 days are needed$/)
    expect(unused.notScanned.count).toBeGreaterThan(0)
    expect(findings.some(({ verdict }) => verdict === 'unused')).toBe(false)
    expect(findings.find(({ indexrelname }) => indexrelname === 'hostile_at')).toMatchObject({ unusedCandidate: true })
    expect(findings.find(({ indexrelname }) => indexrelname === 'users_pkey')).toMatchObject({ unusedCandidate: false })
  })

  it('stand when a table is locked; its indexes say what was skipped', async () => {
    const holder = await db.connect()
    await holder.query('begin; lock table users in access exclusive mode; reindex index users_email_key')
    const { findings, summary } = await health()
    await holder.query('rollback')
    expect(findings).toHaveLength(5)
    expect(summary.skipped).toBeGreaterThanOrEqual(1)
    expect(findings.find(({ indexrelname }) => indexrelname === 'users_email_key')).toMatchObject({
      bytes: null,
      trust: { kind: 'withheld' },
    })
    expect(findings.find(({ indexrelname }) => indexrelname === 'part_id')).toMatchObject({ skipped: null, partitions: 1 })
  })

  it('are bloated after most of their rows went, until they are rebuilt', async () => {
    await db.client.query(
      'create table churned (id int); create index churned_id on churned (id); insert into churned select generate_series(1, 200000)',
    )
    await db.client.query('delete from churned where id % 10 > 0')
    await db.client.query('select pg_sleep(1.1)') // until the counters of the delete have arrived, ANALYZE would be held for stale
    await db.client.query('vacuum analyze churned')
    const before = (await health()).findings.find(({ indexrelname }) => indexrelname === 'churned_id')
    expect(before?.rule).toMatch(/^Bloated/)
    await db.client.query('reindex index churned_id')
    const { rows } = await db.client.query("select pg_relation_size('churned_id')::int as bytes")
    expect(Math.abs((before?.bytes ?? 0) - (before?.bloatBytes ?? 0) - rows[0].bytes)).toBeLessThan(0.05 * (before?.bytes ?? 0))
    expect((await health()).findings.find(({ indexrelname }) => indexrelname === 'churned_id')).toMatchObject({ verdict: 'not-scanned' })
  })

  it('give one problem when the server is gone', async () => {
    const result = await indexHealth({ ...db.target, serverId: 'gone', port: 1 }, [])
    expect(result).toMatchObject({ ok: false, problem: { kind: 'unreachable' } })
  })
})

describe('what a page may ask for', () => {
  it.each([{ sort: 'rule' }, { limit: 501 }, { offset: -1 }, { ids: [1.5] }, { verdict: 'fine' }, { q: 'x'.repeat(201) }])(
    'refuses %j',
    (params) => expect(listIndexesParams.safeParse(params).success).toBe(false),
  )
})
