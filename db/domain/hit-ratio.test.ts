import { expect, it } from 'vitest'
import { hitRatio, LEAST_BLOCKS, sumBlocks } from './hit-ratio'

it('tells a ratio from enough blocks', () => {
  expect(hitRatio({ hit: 99_000, read: 1_000 })).toEqual({ kind: 'known', ratio: 0.99, low: false })
  expect(hitRatio({ hit: 90_000, read: 10_000 })).toEqual({ kind: 'known', ratio: 0.9, low: true })
})

it('tells none from too few, however bad they look', () => {
  expect(hitRatio({ hit: 0, read: LEAST_BLOCKS - 1 })).toEqual({ kind: 'few', blocks: LEAST_BLOCKS - 1 })
  expect(hitRatio({ hit: 0, read: 0 })).toEqual({ kind: 'few', blocks: 0 })
  expect(hitRatio({ hit: LEAST_BLOCKS, read: 0 })).toMatchObject({ kind: 'known', ratio: 1 })
})

it('calls exactly 95 % not low', () => {
  expect(hitRatio({ hit: 95_000, read: 5_000 })).toMatchObject({ low: false })
})

it('sums up', () => {
  expect(
    sumBlocks([
      { hit: 1, read: 2 },
      { hit: 3, read: 4 },
    ]),
  ).toEqual({ hit: 4, read: 6 })
  expect(sumBlocks([])).toEqual({ hit: 0, read: 0 })
})
