import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { runRead } from '../server/run-read'
import { runBackend } from './run-sample'

describe.each(MAJORS)('whom a run waits for on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table a (id int); create table b (id int); create table c (id int)')
  })
  afterAll(() => db.drop())

  it('is named with who stands at the end of the chain behind it', async () => {
    const [root, second, first, run] = await Promise.all([db.connect(), db.connect(), db.connect(), db.connect()])
    const identity = async (client: typeof root) =>
      (
        await client.query<{ pid: number; backend_start: string }>(
          `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start
             from pg_stat_activity where pid = pg_backend_pid()`,
        )
      ).rows[0] ?? { pid: 0, backend_start: '' }
    const [ofRoot, ofSecond, ofFirst, ofRun] = [await identity(root), await identity(second), await identity(first), await identity(run)]
    await root.query(`set application_name = 'metabase'; begin; lock table a`)
    await second.query('begin; lock table b')
    await first.query('begin; lock table c')
    const waits = [second.query('lock table a'), first.query('lock table b'), run.query('begin; lock table c')]
    const look = async () => {
      const rows = await runRead(db.target, runBackend, ofRun)
      if (!rows.ok) throw new Error(rows.problem.message)
      return rows.value[0]?.waiting_for.map(({ pid, roots }) => [pid, roots.map((one) => [one.pid, one.backendStart, one.applicationName])])
    }
    await expect.poll(look).toEqual([[ofFirst.pid, [[ofRoot.pid, ofRoot.backend_start, 'metabase']]]])
    await root.query('rollback')
    await waits[0]
    await expect.poll(look).toEqual([[ofFirst.pid, [[ofSecond.pid, ofSecond.backend_start, '']]]])
    await second.query('rollback')
    await waits[1]
    await expect.poll(look).toEqual([[ofFirst.pid, []]])
    await first.query('rollback')
    await waits[2]
    expect(await look()).toEqual([])
  })
})
