import { expect, test } from 'vitest'
import { MOST_SELECTED, stillThere, toggled } from './use-selection'

const idAt = (position: number) => (position < 1000 ? position * 10 : undefined)

test('one at a time', () => {
  expect(toggled([], null, 3, false, idAt)).toEqual([30])
  expect(toggled([30, 50], 3, 5, false, idAt)).toEqual([30])
  expect(toggled([30], 3, 2000, false, idAt)).toEqual([30])
})

test('a range in both directions, without doubles', () => {
  expect(toggled([20], 2, 5, true, idAt)).toEqual([20, 30, 40, 50])
  expect(toggled([50], 5, 3, true, idAt)).toEqual([50, 30, 40])
  expect(toggled([], null, 3, true, idAt)).toEqual([30])
})

test('never more than an address can hold', () => {
  expect(toggled([], 0, 900, true, idAt)).toHaveLength(MOST_SELECTED)
})

test('what was dropped, or rebuilt under another OID, leaves the selection', () => {
  expect(stillThere([30, 20, 10], [{ indexrelid: 10 }, { indexrelid: 30 }, { indexrelid: 40 }])).toEqual([30, 10])
})
