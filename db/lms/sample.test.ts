import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { migrateLms } from './migrate'
import { makeSample, sampleExists } from './sample'
import { withoutIndexes } from './sample/set-aside'

const SCALE = 0.05

/** Row counts, and a sum over the keys: equal rows give equal sums. */
const FINGERPRINT = /* sql */ `
  select (select count(*) from users) as users, (select count(*) from courses) as courses, (select count(*) from lessons) as lessons,
         (select count(*) from sections) as sections, (select count(*) from student_progress) as enrolments,
         (select count(*) from section_progress) as section_rows, (select count(*) from quiz_results) as quizzes,
         (select sum(hashtext(id::text || completion_percentage || total_time_spent)) from student_progress) as progress,
         (select sum(score) from quiz_results) as scores, (select sum(attempts) from section_progress) as attempts`

describe.each([14, 18] as const)('makeSample on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let steps: string[]
  let first: Record<string, string>
  const one = async (sql: string) => (await db.client.query(sql)).rows[0]
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
  })
  afterAll(() => db.drop())

  it('is not there before it is whole', async () => {
    expect(await sampleExists(db.client)).toBe(false)
    const interrupted = makeSample(db.url, {
      scale: SCALE,
      onStep: (name) => {
        if (name === 'Quiz results') throw new Error('The power went')
      },
    })
    await expect(interrupted).rejects.toThrow('The power went')
    expect(await sampleExists(db.client)).toBe(false)
  })

  it('is begun anew, tells its steps and is whole', async () => {
    steps = []
    await makeSample(db.url, { scale: SCALE, onStep: (name) => steps.push(name) })
    expect(await sampleExists(db.client)).toBe(true)
    expect(steps).toContain('Enrolments')
    expect(steps.at(-1)).toBe('A unique index that cannot be built')
    first = await one(FINGERPRINT)
    expect(Number(first.users)).toBe(250)
    expect(Number(first.enrolments)).toBeGreaterThan(1_500)
    expect(Number(first.section_rows)).toBeGreaterThan(8_000)
    expect(Number(first.quizzes)).toBeGreaterThan(3_500)
  })

  it('breaks no foreign key, though none was checked while it was made', async () => {
    const { rows } = await db.client.query<{ statement: string }>(`
      select format('alter table %s add %s', conrelid::regclass, pg_get_constraintdef(oid)) as statement from pg_constraint where contype = 'f'`)
    expect(rows).toHaveLength(11)
    await db.client.query('begin')
    for (const { statement } of rows) await db.client.query(statement)
    await db.client.query('rollback')
  })

  it('has truly bloated b-trees', async () => {
    const { rows } = await db.client.query<{ index_name: string }>(`
      select index_name from check_index_bloat('public', 30, 0) where recommendation = 'REINDEX RECOMMENDED'`)
    const names = rows.map((row) => row.index_name)
    expect(names).toEqual(expect.arrayContaining(['idx_progress_analytics', 'idx_active_students', 'idx_section_progress_user_recent']))
    await db.client.query('begin')
    const size = `select pg_relation_size('idx_progress_analytics') as size`
    const before = Number((await one(size)).size)
    await db.client.query('reindex index idx_progress_analytics')
    expect(Number((await one(size)).size) / before).toBeLessThan(0.7)
    await db.client.query('rollback')
  })

  it('has a truly invalid index of full size', async () => {
    const { rows } = await db.client.query(`
      select c.relname, pg_relation_size(c.oid) > 8192 * 10 as full_size from pg_index i join pg_class c on c.oid = i.indexrelid where not i.indisvalid`)
    expect(rows).toEqual([{ relname: 'idx_quiz_no_double_submission', full_size: true }])
  })

  it('leaves dead rows in one table, known to the statistics, and autovacuum on', async () => {
    const { rows } = await db.client.query(`
      select relname from pg_stat_user_tables where n_dead_tup > 0.1 * n_live_tup and n_dead_tup < 0.2 * n_live_tup`)
    expect(rows).toEqual([{ relname: 'quiz_results' }])
    expect((await one(`select count(*)::int as options from pg_class where relkind = 'r' and reloptions is not null`)).options).toBe(0)
  })

  it('makes the same rows again', async () => {
    await makeSample(db.url, { scale: SCALE })
    expect(await one(FINGERPRINT)).toEqual(first)
  })

  it('sets indexes and keys aside while a large sample is loaded, and keeps them when the load fails', async () => {
    const defined = async () => {
      const { rows } = await db.client.query(`
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as is, (select conname from pg_constraint where conindid = indexrelid) as key
        from pg_index where indrelid = 'quiz_results'::regclass and indisvalid order by 1`)
      return rows
    }
    const before = await defined()
    expect(before).toHaveLength(5)
    await db.client.query('drop index idx_quiz_no_double_submission')
    await db.client.query(`select set_config('sample.scale', '10', false)`)
    const seen = `create table seen as select count(*)::int as n from pg_index where indrelid = 'quiz_results'::regclass`
    await db.client.query(withoutIndexes('quiz_results', seen))
    expect(await one('select n from seen')).toEqual({ n: 0 })
    expect(await defined()).toEqual(before)
    await expect(db.client.query(withoutIndexes('quiz_results', 'select 1 / 0'))).rejects.toMatchObject({ code: '22012' })
    expect(await defined()).toEqual(before)
  })

  it('makes the same rows by month', async () => {
    await makeSample(db.url, { scale: SCALE, partitions: true })
    expect(await one(FINGERPRINT)).toEqual(first)
    const { rows } = await db.client.query<{ relname: string; keys: string[]; leaves: number; invalid: number }>(`
      select c.relname, array(select pg_get_constraintdef(oid) from pg_constraint where conrelid = c.oid and contype in ('p', 'u') order by 1) as keys,
             (select count(*)::int from pg_partition_tree(c.oid) where isleaf) as leaves,
             (select count(*)::int from pg_index where indrelid = c.oid and not indisvalid) as invalid
      from pg_class c where relkind = 'p' order by 1`)
    expect(rows).toMatchObject([
      { relname: 'quiz_results', keys: ['PRIMARY KEY (id, created_at)'], invalid: 0 },
      { relname: 'section_progress', keys: ['PRIMARY KEY (id, created_at)', 'UNIQUE (user_id, section_id, created_at)'], invalid: 0 },
    ])
    for (const { leaves } of rows) expect(leaves).toBeGreaterThanOrEqual(14)
    expect((await one(`select count(*)::int as n from quiz_results_default`)).n).toBe(0)
    const { n } = await one(
      `select count(*)::int as n from pg_index i join pg_class c on c.oid = i.indexrelid where not indisvalid and relkind = 'i'`,
    )
    expect(n).toBe(1)
    expect((await one(`select count(*)::int as options from pg_class where relkind = 'r' and reloptions is not null`)).options).toBe(0)
  })
})
