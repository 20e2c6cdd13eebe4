import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { migrateLms } from './migrate'
import { makeSample } from './sample'
import { startWorkload } from './workload'

const patient = { timeout: 120_000, interval: 200 }

describe.each([14, 18] as const)('startWorkload on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const pids = async (): Promise<number[]> =>
    (
      await db.client.query(`select pid from pg_stat_activity where datname = current_database() and application_name = 'lms-app'`)
    ).rows.map((row) => row.pid)
  const lessonsSeen = async (): Promise<number> =>
    (await db.client.query(`select (seq_scan + coalesce(idx_scan, 0))::int as scans from pg_stat_user_tables where relname = 'lessons'`))
      .rows[0].scans
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    await makeSample(db.url, { scale: 0.02 })
  })
  afterAll(async () => {
    await db.client.query('drop owned by lms_app; drop role lms_app')
    await db.drop()
  })

  it('lives, comes back after its connection was ended, adds no rows, and stops', async () => {
    const count = async () => (await db.client.query('select count(*) from student_progress')).rows[0].count
    const [rows, scans] = [await count(), await lessonsSeen()]
    const workload = startWorkload(db.url)
    await vi.waitFor(async () => expect(await pids()).toHaveLength(1), patient)
    const [first] = await pids()
    const { rows: roles } = await db.client.query(
      'select usename, usesuper from pg_user where usesysid = (select usesysid from pg_stat_activity where pid = $1)',
      [first],
    )
    expect(roles).toEqual([{ usename: 'lms_app', usesuper: false }])
    await db.client.query('select pg_terminate_backend($1)', [first])
    await vi.waitFor(async () => {
      const [again] = await pids()
      expect(again).toBeGreaterThan(0)
      expect(again).not.toBe(first)
    }, patient)
    await vi.waitFor(async () => expect(await lessonsSeen()).toBeGreaterThan(scans), patient)
    await workload.stop()
    await vi.waitFor(async () => expect(await pids()).toEqual([]), patient)
    expect(await count()).toBe(rows)
  })

  it('stops also where no server answers', async () => {
    const workload = startWorkload('postgresql://nobody@127.0.0.1:1/none')
    await expect(workload.stop()).resolves.toBeUndefined()
  })
})
