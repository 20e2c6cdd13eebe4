import { expect, test } from 'vitest'
import { milliseconds, sessions, sureness, times } from './query-messages'

test.each([
  [0, '0 ms'],
  [0.0004, '0.40 µs'],
  [0.005, '5.0 µs'],
  [0.023, '0.023 ms'],
  [1.236, '1.24 ms'],
  [14.83, '14.8 ms'],
  [118.4, '118 ms'],
  [9_840, '9.84 s'],
  [41_230, '41.2 s'],
  [125_000, '2 min 5 s'],
  [null, '–'],
])('%s ms is %s', (ms, words) => expect(milliseconds(ms)).toBe(words))

test('sessions, factors and sureness in words', () => {
  expect([0, 0.0002, 0.05, 0.56, 12.34].map(sessions)).toEqual(['0', '0.00020', '0.050', '0.56', '12.3'])
  expect([1.44, 12.3].map(times)).toEqual(['×1.4', '×12'])
  expect([null, 0.9999, 0.9987, 0.951].map(sureness)).toEqual([
    'too few calls to be sure',
    'more than 99.9 % sure',
    '99.8 % sure',
    '95 % sure',
  ])
})
