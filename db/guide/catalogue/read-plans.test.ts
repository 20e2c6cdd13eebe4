import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { migrateLms } from '../../lms/migrate'
import { forgetReads } from '../../server/run-read'
import { readGuide } from '../find-guide'
import { GUIDE_TABLES } from '../guide-shape'
import { readCatalogue } from './read-catalogue'
import { readGuidePlans } from './read-plans'

describe.each([14, 18] as const)('what the five queries read on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const plans = async (schema: string) => {
    forgetReads()
    const guide = orThrow(await readGuide(db.target, schema))
    if (!guide) throw new Error('no guide')
    const { rows } = orThrow(await readCatalogue(db.target, guide, []))
    return { rows, plans: orThrow(await readGuidePlans(db.target, guide, rows)) }
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    // Under another schema, with one index of the catalogue, and one table in partitions.
    await db.client.query('create schema "School 1"')
    for (const table of GUIDE_TABLES)
      await db.client.query(
        `create table "School 1".${table} (like public.${table} including defaults) ${table === 'student_progress' ? 'partition by hash (user_id)' : ''}`,
      )
    await db.client.query(`
      create table "School 1".part_0 partition of "School 1".student_progress for values with (modulus 2, remainder 0);
      create table "School 1".part_1 partition of "School 1".student_progress for values with (modulus 2, remainder 1);
      create index idx_progress_tracking on "School 1".student_progress (user_id, last_accessed_at desc, completion_percentage);
      insert into "School 1".student_progress (user_id, course_id) select gen_random_uuid(), gen_random_uuid() from generate_series(1, 20000);
      analyze`)
  })
  afterAll(() => db.drop())

  it('is told by their generic plans, of partitions for the index at the top', async () => {
    const { rows, plans: of } = await plans('School 1')
    const index = rows.find(({ name }) => name === 'idx_progress_tracking')?.index
    expect(index).toMatchObject({ partitioned: true })
    expect(of.map(({ name }) => name)).toEqual(['course_stats', 'dashboard', 'leaderboard', 'collaborative', 'content_based'])
    const one = of.find(({ name }) => name === 'dashboard')
    expect([one?.indexes, one?.problem?.kind]).toEqual(major < 16 ? [[], 'unsupported_version'] : [[index?.indexrelid], undefined])
    expect(of.find(({ name }) => name === 'leaderboard')?.indexes).toEqual([])
  })

  it('is not told of a query whose table is not there', async () => {
    await db.client.query('drop table "School 1".quiz_results')
    const { plans: of } = await plans('School 1')
    expect(of.filter(({ problem }) => problem).map(({ name }) => name)).toContain('leaderboard')
  })
})
