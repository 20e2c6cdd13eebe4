import type { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import type { Past, PastCounters } from '../../checks/define-check'
import { MAJORS } from '../../embedded/binaries'
import { nearConnectionLimit } from '../../sessions/checks/near-connection-limit'
import { cacheHitFallen } from './cache-hit-fallen'
import { checksumsFailed } from './checksum-failures'
import { deadlocks, deadlocksAbove } from './deadlocks'
import { tempFiles, tempFilesAbove } from './temp-files'

const NOTHING: PastCounters = {
  seconds: 86_400,
  wal_bytes: 0,
  checkpoints_timed: 0,
  checkpoints_req: 0,
  conflicts: 0,
  temp_files: 0,
  temp_bytes: 0,
  deadlocks: 0,
  blks_hit: 0,
  blks_read: 0,
}
/** What was sampled, as if of any time. */
const pastOf = (counted: Partial<PastCounters>): Past => ({ counters: async () => ({ ...NOTHING, ...counted }) })
const GB = 1024 ** 3
/** Before 15 a reset reaches the statistics a moment later. */
const gone = (none: () => Promise<void>) =>
  expect
    .poll(() =>
      none().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
const value = <T>(result: { ok: true; value: T } | { ok: false }): T | undefined => (result.ok ? result.value : undefined)

describe.each(MAJORS)('checks on what PostgreSQL %i counts', (major) => {
  it('finds temporary files, from a rate on, and not before they were counted for long enough', () =>
    checked(major, tempFilesAbove({ warn: 1, bad: GB, seconds: 0 }), async ({ connect, offend, one, none, target }) => {
      await offend('select pg_stat_reset()')
      await none()
      const client = await connect() // its counters are reported when it ends
      await client.query(`set work_mem = '64kB'`)
      await client.query('select count(*) from (select n from generate_series(1, 200000) n order by n desc offset 1) t')
      await client.end()
      expect(await one()).toMatchObject({ name: target.database, severity: expect.stringMatching(/info|warn/) })
      expect(value(await tempFiles.look(target))).toEqual([]) // counted for a few seconds only
      expect(value(await tempFiles.look(target, pastOf({ temp_files: 30, temp_bytes: 20 * GB })))).toEqual([])
      expect(value(await tempFiles.look(target, pastOf({ temp_files: 30, temp_bytes: 30 * GB })))).toMatchObject([{ severity: 'info' }])
      expect(value(await tempFiles.look(target, pastOf({ temp_files: 30, temp_bytes: 300 * GB })))).toMatchObject([{ severity: 'warn' }])
      expect(value(await tempFiles.look(target, pastOf({ seconds: 600, temp_files: 30, temp_bytes: 300 * GB })))).toEqual([])
      await offend('select pg_stat_reset()')
      await gone(none)
    }))

  it('finds deadlocks, from a rate on', () =>
    checked(major, deadlocksAbove({ daily: 1, least: 1, seconds: 0 }), async ({ connect, offend, one, none, target }) => {
      await offend('select pg_stat_reset()', 'create table pair (id int primary key, n int)', 'insert into pair values (1, 0), (2, 0)')
      const [a, b] = [await connect(), await connect()] as [Client, Client]
      for (const client of [a, b]) await client.query(`set deadlock_timeout = '50ms'`)
      await a.query('begin; update pair set n = 1 where id = 1')
      await b.query('begin; update pair set n = 1 where id = 2')
      const ends = await Promise.allSettled([a.query('update pair set n = 2 where id = 2'), b.query('update pair set n = 2 where id = 1')])
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await a.end()
      await b.end()
      expect(await one()).toMatchObject({ name: target.database, severity: 'warn' })
      expect(value(await deadlocks.look(target))).toEqual([])
      expect(value(await deadlocks.look(target, pastOf({ deadlocks: 4 })))).toEqual([])
      expect(value(await deadlocks.look(target, pastOf({ deadlocks: 6 })))).toHaveLength(1)
      await offend('select pg_stat_reset()')
      await gone(none)
    }))

  it('finds a role and a database near their limit', () =>
    checked(major, nearConnectionLimit, async ({ connect, offend, one, none, target }) => {
      const role = `limited_${target.database}`
      await offend(`create role ${role} login password 'x' connection limit 5`)
      try {
        const user = { user: role, password: 'x' }
        const sessions = [await connect(user), await connect(user), await connect(user), await connect(user)]
        await none()
        sessions.push(await connect(user))
        expect(await one()).toMatchObject({ name: role, severity: 'bad' })
        await offend(`alter role ${role} connection limit 3`)
        await none() // of a few it is often meant
        await offend(`alter role ${role} connection limit -1`, `alter database ${target.database} connection limit 5`)
        expect(await one()).toMatchObject({ name: target.database, severity: 'bad' })
        await offend(`alter database ${target.database} connection limit 50`)
        await none()
        for (const session of sessions) await session.end()
      } finally {
        await offend(`drop owned by ${role}`, `drop role ${role}`)
      }
    }))

  it('has no wrong checksum', () => checked(major, checksumsFailed, ({ none }) => none()))
})

describe('cache hits against the week before', () => {
  const week = 6 * 86_400_000
  const past = (late: Partial<PastCounters>, before: Partial<PastCounters>): Past => ({
    counters: async (_, from) => ({ ...NOTHING, seconds: 10_800, ...(Date.now() - from.getTime() > week ? before : late) }),
  })
  const look = async (late: Partial<PastCounters>, before: Partial<PastCounters>) =>
    value(await cacheHitFallen.look({ database: 'shop' } as never, past(late, before)))?.length
  const good = { blks_hit: 990_000, blks_read: 10_000 }

  it('are told where they fell, with enough blocks in both', async () => {
    expect(await look({ blks_hit: 900_000, blks_read: 100_000 }, good)).toBe(1)
    expect(await look(good, good)).toBe(0)
    expect(await look({ blks_hit: 960_000, blks_read: 40_000 }, good)).toBe(0)
    expect(await look({ blks_hit: 9_000, blks_read: 1_000 }, good)).toBe(0)
    expect(await look({ blks_hit: 900_000, blks_read: 100_000 }, { ...good, seconds: 60 })).toBe(0)
    expect(await look(good, { blks_hit: 900_000, blks_read: 100_000 })).toBe(0)
    expect(await look({ blks_hit: 500_000, blks_read: 500_000 }, { blks_hit: 600_000, blks_read: 400_000 })).toBe(0)
  })

  it('are not judged by who has no samples', async () => {
    expect(value(await cacheHitFallen.look({ database: 'shop' } as never))).toEqual([])
  })
})
