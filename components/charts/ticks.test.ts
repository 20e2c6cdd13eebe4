import fc from 'fast-check'
import { expect, test } from 'vitest'
import { niceBytes, niceTicks } from './ticks'

test('round steps from zero', () => {
  expect(niceTicks(104.2, 3)).toEqual([0, 50, 100, 150])
  expect(niceTicks(1, 3)).toEqual([0, 0.5, 1])
  expect(niceTicks(0.07, 3)).toEqual([0, 0.02, 0.04, 0.06, 0.08])
  expect(niceTicks(0, 3)).toEqual([0, 1])
  expect(niceTicks(8, 4)).toEqual([0, 2, 4, 6, 8])
})

test('the last tick holds the largest value, in few ticks', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
      const ticks = niceTicks(max, 3)
      return (ticks.at(-1) as number) >= max * (1 - 1e-9) && ticks.length <= 6 && ticks.length >= 2
    }),
  )
})

test('what is counted has whole steps', () => {
  expect(niceTicks(1, 3, true)).toEqual([0, 1])
  expect(niceTicks(2, 3, true)).toEqual([0, 1, 2])
  expect(niceTicks(100, 3, true)).toEqual(niceTicks(100, 3))
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (max) => {
      const ticks = niceTicks(max, 3, true)
      return ticks.every(Number.isInteger) && (ticks.at(-1) as number) >= max && ticks.length <= 6 && ticks.length >= 2
    }),
  )
})

test('round bytes', () => {
  expect(niceBytes(13 * 2 ** 20, 3)).toEqual([0, 5, 10, 15].map((mb) => mb * 2 ** 20))
  expect(niceBytes(900 * 1024, 3)).toEqual([0, 500, 1000].map((kb) => kb * 1024))
  expect(niceBytes(0, 3)).toEqual([0, 1])
})
