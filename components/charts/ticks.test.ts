import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logTicks, niceBytes, niceTicks, spanOf } from './ticks'

test('round steps from zero', () => {
  expect(niceTicks(104.2, 4)).toEqual([0, 30, 60, 90, 120])
  expect(niceTicks(1, 4)).toEqual([0, 0.3, 0.6, 0.9, 1.2])
  expect(niceTicks(0.07, 4)).toEqual([0, 0.02, 0.04, 0.06, 0.08])
  expect(niceTicks(0, 4)).toEqual([0, 1])
  expect(niceTicks(8, 4)).toEqual([0, 2, 4, 6, 8])
})

test('the last tick holds the largest value, in few ticks', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
      const ticks = niceTicks(max, 4)
      return (ticks.at(-1) as number) >= max * (1 - 1e-9) && ticks.length <= 6 && ticks.length >= 2
    }),
  )
})

test('what is counted has whole steps', () => {
  expect(niceTicks(1, 3, 1)).toEqual([0, 1])
  expect(niceTicks(2, 3, 1)).toEqual([0, 1, 2])
  expect(niceTicks(100, 3, 1)).toEqual(niceTicks(100, 3))
})

test('a series that hardly moves looks flat, one that moves fills its height', () => {
  const MB = 2 ** 20
  const [low, high] = spanOf([367 * MB, 367 * MB + 8192])
  expect(8192 / (high - low)).toBeLessThan(0.001)
  expect((low + high) / 2).toBeCloseTo(367 * MB + 4096)
  expect(spanOf([10, 20])).toEqual([10, 20])
  expect(spanOf([0, 0.2])).toEqual([0, 0.2])
  expect(spanOf([0, 0])).toEqual([0, 0])
})

test('round bytes', () => {
  expect(niceBytes(13 * 2 ** 20, 3)).toEqual([0, 5, 10, 15].map((mb) => mb * 2 ** 20))
  expect(niceBytes(900 * 1024, 3)).toEqual([0, 300, 600, 900].map((kb) => kb * 1024))
  expect(niceBytes(0, 3)).toEqual([0, 1])
})

test('powers', () => {
  expect(logTicks(1, 1e8, 10, 4)).toEqual([0, 2, 4, 6, 8])
  expect(logTicks(8192, 64 * 2 ** 20, 2, 4)).toEqual([13, 17, 21, 25, 29])
  expect(logTicks(5, 5, 10, 4)).toEqual([0, 1])
})
