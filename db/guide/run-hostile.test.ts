import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { orThrow } from '../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { migrateLms } from '../lms/migrate'
import { forgetReads } from '../server/run-read'
import { readGuide } from './find-guide'
import { AS_IN_PRINT, GUIDE_QUERY_NAMES } from './queries/guide-query'
import { runGuideQuery } from './run-query'
import { findStudents } from './students'

const CANARY = 'proctor_guide_canary'
/** IMMUTABLE by its word alone, so that it may stand in an index; whoever may not write files does nothing by it. */
const SHOT = `
  create function public.fire() returns boolean language plpgsql volatile as
    $$ begin copy (select 1) to program 'touch ${CANARY}'; return true; exception when insufficient_privilege then return true; end $$;
  create function public.shot() returns boolean language plpgsql immutable as $$ begin return public.fire(); end $$`

describe.each([14, 18] as const)("tables whose owner would have his code run by Proctor's role, on PostgreSQL %i", (major) => {
  let db: TestDatabase
  let owner: string
  beforeAll(async () => {
    db = await testDatabase(major)
    await migrateLms(db.url)
    owner = `owner_${db.target.database}`
    await db.client.query(`create role ${owner}; grant usage, create on schema public to ${owner}`)
    const { rows } = await db.client.query(`select tablename from pg_tables where schemaname = 'public'`)
    for (const { tablename } of rows) await db.client.query(`alter table public.${tablename} owner to ${owner}`)
    await db.client.query(`
      insert into users (email, name) values ('a@lms.example', 'A');
      insert into courses (title, difficulty_level, published_at) values ('C', 'beginner', now());
      insert into student_progress (user_id, course_id, completion_percentage) select u.id, c.id, 90 from users u, courses c`)
    await db.client.query(`set role ${owner}`)
    await db.client.query(SHOT)
    await db.client.query('reset role')
  })
  afterEach(async () => {
    await db.client.query(`copy (select 1) to program 'cat > /dev/null; rm -f ${CANARY}'`)
  })
  afterAll(async () => {
    await db.client.query('reset role')
    await db.client.query(`reassign owned by ${owner} to postgres; drop owned by ${owner}; drop role ${owner}`)
    await db.drop()
  })

  const fired = async () =>
    (await db.client.query(`select (pg_stat_file('${CANARY}', true)).size is not null as fired`)).rows[0].fired as boolean
  const runAll = async (): Promise<boolean[]> => {
    forgetReads()
    const guide = orThrow(await readGuide(db.target))
    if (!guide) return []
    const [{ id } = { id: '' }] = (await db.client.query('select id from users limit 1')).rows
    const ran: boolean[] = []
    for (const query of GUIDE_QUERY_NAMES) {
      const value = query === 'leaderboard' ? '-infinity' : id
      for (const form of ['corrected', 'printed'] as const) {
        const found = await runGuideQuery(db.target, guide, { query, form, scope: 'one', value, choices: AS_IN_PRINT })
        ran.push(found.ok)
      }
    }
    ran.push((await findStudents(db.target, guide, '')).ok)
    return ran
  }

  it.each([
    ['an index on an expression', 'create index shot on courses ((shot()))', 'drop index shot', 0],
    ['statistics of an expression', 'create statistics shot on (shot()), title from courses', 'drop statistics shot', 0],
    [
      'a check',
      'alter table student_progress add constraint shot check (shot()) not valid',
      'alter table student_progress drop constraint shot',
      0,
    ],
    // Proctor's role here bypasses policies, and has row_security = off where it does not: none is evaluated.
    [
      'a policy',
      'alter table student_progress enable row level security; create policy shot on student_progress using (shot())',
      'drop policy shot on student_progress',
      11,
    ],
    ['nothing of his', 'select 1', 'select 1', 11],
  ] as const)('%s', async (what, make, undo, least) => {
    try {
      await db.client.query(`set role ${owner}`)
      await db.client.query(make)
      await db.client.query('reset role')
      const ran = await runAll()
      expect(ran).toHaveLength(11)
      // Of those that read another table nothing was refused; of those that read it, nothing ran.
      expect(ran.filter(Boolean).length, what).toBe(least === 0 ? ran.filter(Boolean).length : least)
      if (least === 0) expect(ran).toContain(false)
      expect(await fired()).toBe(false)
    } finally {
      await db.client.query(`reset role; ${undo}`)
    }
  })
})
