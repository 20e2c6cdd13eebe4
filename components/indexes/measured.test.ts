import { expect, test } from 'vitest'
import type { MeasuredIndex } from './described'
import { agreement } from './measured'

const measured: MeasuredIndex = {
  indexrelid: 1,
  relfilenode: 1,
  measuredAt: '2026-11-23T13:41:00Z',
  method: 'pgstatindex',
  bytes: 1000,
  rebuiltBytes: 510,
  plusMinus: 0,
  detail: {},
  current: true,
}
const estimated = (bloatRatio: number, plusMinus: number) => {
  return { bloatBytes: bloatRatio * 1000, bloatRatio, bytes: 1000, trust: { kind: 'estimated' as const, plusMinus } }
}

test('how far the estimate was off', () => {
  expect(agreement(measured, estimated(0.46, 5.2))).toBe('the estimate was 3 points low, within its ± 6')
  expect(agreement(measured, estimated(0.5, 1))).toBe('the estimate was 1 point high, within its ± 1')
  expect(agreement(measured, estimated(0.6, 6))).toBe('the estimate was 11 points high, outside its ± 6')
  expect(agreement(measured, estimated(0.49, 6))).toBe('the estimate agreed')
  expect(agreement(undefined, estimated(0.49, 6))).toBeUndefined()
})
