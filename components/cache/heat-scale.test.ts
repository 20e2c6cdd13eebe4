import { expect, it } from 'vitest'
import { heatOf, mostOf } from './heat-scale'

it('is by the order of magnitude below the most', () => {
  expect([1_000, 400, 300, 100, 30, 10, 3, 1, 0.001].map((value) => heatOf(value, 1_000))).toEqual([4, 4, 3, 3, 2, 2, 1, 1, 1])
})

it('shows nothing where nothing happened, or nothing can', () => {
  expect(heatOf(0, 1_000)).toBe(0)
  expect(heatOf(null, 1_000)).toBe(0)
  expect(heatOf(0, 0)).toBe(0)
})

it('never leaves its scale', () => {
  expect(heatOf(2_000, 1_000)).toBe(4)
  expect(heatOf(Number.MIN_VALUE, 1e300)).toBe(1)
})

it('finds the most of a column, leaving out what cannot be', () => {
  expect(mostOf([3, null, 7, 0])).toBe(7)
  expect(mostOf([])).toBe(0)
})
