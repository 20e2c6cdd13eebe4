import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytes, bytesShort, count, duration, exactCount, numberWord, percent, plural, share } from './format'

describe('bytes', () => {
  test.each([
    [0, '0 bytes'],
    [512, '512 bytes'],
    [1023, '1023 bytes'],
    [1024, '1 kB'],
    [8192, '8 kB'],
    [41_984, '41 kB'],
    [1024 * 1024 - 1, '1.0 MB'],
    [109_261_619, '104.2 MB'],
    [1_073_741_823, '1.0 GB'],
    [1_803_886_264, '1.7 GB'],
    ['9223372036854775807', '8.0 EB'],
    [-3_250_585, '-3.1 MB'],
    [null, '–'],
  ])('%s is %s in a table', (value, shown) => expect(bytes(value)).toBe(shown))

  test.each([
    [8192, '8 kB'],
    [100_663_296, '96 MB'],
    [8_703_180, '8.3 MB'],
    [10_433_332, '10 MB'],
    [1_803_886_264, '1.68 GB'],
    [undefined, '–'],
  ])('%s is %s in a sentence', (value, shown) => expect(bytesShort(value)).toBe(shown))

  test('never prints 1024 of a unit that has a next one', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (value) => !/^1024(\.0)? /.test(bytes(value)) && !/^1024 /.test(bytesShort(value)),
      ),
    )
  })
})

describe('counts', () => {
  test.each([
    [0, '0'],
    [9999, '9,999'],
    [10_000, '10.0 k'],
    ['41249', '41.2 k'],
    [999_949, '999.9 k'],
    [999_950, '1.0 M'],
    [48_200_000n, '48.2 M'],
    ['9223372036854775807', '9.2 E'],
    [null, '–'],
  ])('%s is %s', (value, shown) => expect(count(value)).toBe(shown))

  test('keeps every digit of an int8 on hover', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (value) => exactCount(value.toString()).replaceAll(',', '') === value.toString(),
      ),
    )
  })

  test('speaks in words up to nine', () => {
    expect([numberWord(0), numberWord(1, true), numberWord(9), numberWord(10), numberWord(12_345)]).toEqual([
      'no',
      'One',
      'nine',
      '10',
      '12,345',
    ])
    expect([plural(1, 'index', 'indexes'), plural(2, 'index', 'indexes'), plural(0, 'index', 'indexes')]).toEqual([
      '1 index',
      '2 indexes',
      '0 indexes',
    ])
  })
})

describe('shares', () => {
  test.each([
    [0, '0'],
    [0.0004, '< 0.1%'],
    [0.001, '0.1%'],
    [0.613, '61.3%'],
    [0.9999, '99.9%'],
    [1, '100%'],
    [null, '–'],
  ])('%s is %s', (ratio, shown) => expect(share(ratio)).toBe(shown))

  test('whole percent', () => expect([percent(0.4913), percent(0), percent(null)]).toEqual(['49%', '0%', '–']))
})

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [0.3, '< 1 ms'],
    [850, '850 ms'],
    [999.6, '1 s'],
    [4_200, '4.2 s'],
    [9_960, '10 s'],
    [34_000, '34 s'],
    [59_600, '1 min'],
    [107_000, '1 min 47 s'],
    [7_680_000, '2 h 8 min'],
    [34 * 86_400_000, '34 d'],
    [null, '–'],
  ])('%s ms is %s', (ms, shown) => expect(duration(ms)).toBe(shown))
})
