import { describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import type { Check } from '../../checks/define-check'
import { forgetReads } from '../../server/run-read'
import { IdLooks } from '../id-pace'
import { dayByDays, dayOf, limitsOf } from '../wraparound'
import { multixactMembersAbove, multixactMembersFull } from './multixact-members-full'
import { multixactWraparound } from './multixact-wraparound'
import { transactionWraparound } from './transaction-wraparound'

const LOW = {
  // the lowest that the server takes
  autovacuum_freeze_max_age: '100000',
  autovacuum_multixact_freeze_max_age: '10000',
  vacuum_freeze_min_age: '0',
  vacuum_multixact_freeze_min_age: '0',
  autovacuum_naptime: '1s',
}

/** A counter of a month that goes on by so many IDs a day. */
const month = (perDay: number, count = 30) => Array.from({ length: count }, (_, day) => ({ day: 20_000 + day, value: day * perDay }))

describe.each([14, 18] as const)('wraparound on PostgreSQL %i', (major) => {
  it('is found by its distance, with whoever keeps VACUUM from freezing, until they have gone', async () => {
    const db = await databaseOnOwnServer(major, LOW)
    try {
      const look = async (check: Check) => {
        forgetReads()
        const found = await check.look(db.target)
        if (!found.ok) throw new Error(found.problem.message)
        return found.value
      }
      expect(await look(transactionWraparound)).toEqual([])
      expect(await look(multixactWraparound)).toEqual([])
      // Of two files one is begun.
      const members = multixactMembersAbove({ warn: 60_000 / 2 ** 32, bad: 1 })
      expect(await look(members)).toEqual([])
      await db.client.query(`create table t (id int primary key); insert into t select generate_series(1, 30000);
        create role watcher login password 'x' in role pg_monitor`)
      const holder = await db.connect()
      await holder.query(`begin; select from t for key share; prepare transaction 'left'`)
      // A lock of a subtransaction beside the prepared one's makes a multixact of its own for each row.
      await db.client.query(
        `do $$ begin for i in 1..30000 loop begin perform from t where id = i for key share; exception when others then raise; end; end loop; end $$`,
      )
      await db.client.query('do $$ begin for i in 1..200000 loop perform pg_current_xact_id(); commit; end loop; end $$')
      // The members are in files once their pages are written.
      await db.client.query('checkpoint')
      const [xid] = await look(transactionWraparound)
      const [mxid] = await look(multixactWraparound)
      expect(xid).toMatchObject({
        kind: 'server',
        severity: 'warn',
        evidence: expect.stringContaining('prepared transaction left of postgres'),
      })
      expect(mxid).toMatchObject({ kind: 'server', severity: 'warn', evidence: expect.stringContaining('is not known') })
      expect(mxid?.evidence).toContain('Of the space of their members at most < 1%')
      expect(await look(members)).toMatchObject([
        { kind: 'server', severity: 'warn', evidence: expect.stringContaining('left of postgres') },
      ])
      expect(await look(multixactMembersFull)).toEqual([])
      const monthly = { ids: async () => ({ xids: month(1_000_000), mxids: [] }) }
      forgetReads()
      expect(await transactionWraparound.look(db.target, monthly)).toMatchObject({
        value: [{ evidence: expect.stringContaining('1,000,000 IDs a day over 30 days') }],
      })
      forgetReads()
      expect(await members.look(db.as('watcher', 'x'))).toEqual({ ok: true, value: [] })
      expect(await multixactWraparound.look(db.as('watcher', 'x'))).toMatchObject({
        value: [{ evidence: expect.stringContaining('pg_ls_dir(text)') }],
      })
      expect(await transactionWraparound.look(db.as('watcher', 'x'))).toMatchObject({
        ok: true,
        // Which database, where two are as old, is as the server lists them.
        value: [{ kind: 'server', title: expect.stringContaining('transaction ID wraparound') }],
      })
      await db.client.query(`rollback prepared 'left'`)
      // The launcher comes for every database by itself, template0 among them.
      for (const check of [transactionWraparound, multixactWraparound, members])
        await expect.poll(async () => (await look(check)).length, { timeout: 120_000, interval: 500 }).toBe(0)
    } finally {
      await db.drop()
    }
  })
})

describe('the limits and the day', () => {
  it('begin beyond where autovacuum does, and before the failsafe', () => {
    expect(limitsOf(200_000_000, 1_600_000_000)).toEqual({ warn: 400_000_000, bad: 1_600_000_000 })
    expect(limitsOf(1_000_000_000, 1_600_000_000)).toEqual({ warn: 1_280_000_000, bad: 1_600_000_000 })
    const high = limitsOf(1_900_000_000, 1_600_000_000)
    expect(high.warn).toBeGreaterThan(1_900_000_000)
    expect(high.bad).toBeGreaterThan(1_900_000_000)
  })

  it('need two looks that are ten minutes apart, at one counter', () => {
    const looks = new IdLooks()
    expect(looks.pace('a', 0, 1_000n)).toBeNull()
    expect(looks.pace('b', 0, 5n)).toBeNull()
    expect(looks.pace('a', 599_000, 9_000n)).toBeNull()
    expect(looks.pace('a', 1_000_000, 101_000n)).toEqual({ perSecond: 100, over: 1_000 })
    expect(looks.pace('a', 1_100_000, 5n)).toBeNull() // another server, or wrapped around
    expect(looks.pace('a', 1_101_000 + 7 * 86_400_000, 9n)).toBeNull()
  })

  it('say the day by the days that were sampled: with a band from two weeks on', () => {
    const now = '2026-01-01T00:00:00.000Z'
    expect(dayByDays(10_000_000, month(1_000_000), now)).toContain('around 11 Jan 2026 (80% band 11 Jan 2026 to 11 Jan 2026)')
    expect(dayByDays(10_000_000, month(1_000_000, 7), now)).toContain('on 11 Jan 2026')
    expect(dayByDays(10_000_000, month(1), now)).toContain('more than ten years')
    expect(dayByDays(10_000_000, month(1_000_000, 1), now)).toBeNull()
    // Another counter: it is no longer the one that was sampled before.
    expect(dayByDays(10_000_000, [...month(1_000_000).slice(1), { day: 20_030, value: 5 }], now)).toBeNull()
  })

  it('say the day at that pace, and none that is not known', () => {
    const now = '2026-01-01T00:00:00.000Z'
    expect(dayOf(864_000_000, { perSecond: 1_000, over: 3_600 }, now)).toContain('on 11 Jan 2026')
    expect(dayOf(864_000_000, { perSecond: 0, over: 3_600 }, now)).toContain('more than ten years')
    expect(dayOf(1, null, now)).toContain('not known')
  })
})
