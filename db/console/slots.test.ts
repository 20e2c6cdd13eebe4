import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { attempt } from './attempt-limit'
import { Busy, Slots } from './slots'

it('never lets more work than there are places, and turns away who comes beyond those that wait', async () => {
  const slots = new Slots({ atOnce: 2, waiting: 3 })
  let [now, most] = [0, 0]
  const work = async () => {
    most = Math.max(most, ++now)
    await turn()
    now--
  }
  const all = await Promise.allSettled(Array.from({ length: 80 }, () => slots.run(work)))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Busy)
  expect(most).toBe(2)
})

it('gives places back after work that failed', async () => {
  const slots = new Slots({ atOnce: 1, waiting: 1 })
  for (let time = 0; time < 5; time++) await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  const both = await Promise.allSettled([slots.run(() => Promise.reject(new Error('no'))), slots.run(async () => 'done')])
  expect(both[1]).toEqual({ status: 'fulfilled', value: 'done' })
})

it('counts attempts by key, for as long as their window lasts', () => {
  const limit = { window: 10, max: 3 }
  const at = (ms: number) => attempt('one', limit, ms)
  expect([at(0), at(1), at(2), at(3)]).toEqual([undefined, undefined, undefined, 10])
  expect(attempt('other', limit, 3)).toBeUndefined()
  expect(at(9_999)).toBe(1)
  expect(at(10_000)).toBeUndefined()
})

it('forgets the oldest keys when there are far too many, and keeps counting the newest', () => {
  for (let key = 0; key < 30_000; key++) attempt(`many ${key}`, { window: 60, max: 1 }, 20_000)
  expect(attempt('many 29999', { window: 60, max: 1 }, 20_001)).toBe(60)
  expect(attempt('many 0', { window: 60, max: 1 }, 20_001)).toBeUndefined()
})
