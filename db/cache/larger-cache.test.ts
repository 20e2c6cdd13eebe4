import { describe, expect, it } from 'vitest'
import { type CacheUnit, largerCache } from './larger-cache'

const [MB, GB] = [1024 ** 2, 1024 ** 3]
const BLOCK = 8192
const blocks = (bytes: number) => bytes / BLOCK
const unit = (name: string, bytes: number | null, times: number, more: Partial<CacheUnit> = {}): CacheUnit => ({
  name,
  bytes,
  read: times * blocks(bytes ?? GB),
  hit: 1_000_000,
  seqShare: 0,
  seconds: 3_600,
  ...more,
})
const given = { sharedBuffers: GB, blockSize: BLOCK, seconds: 3_600, unused: 0, dataBytes: 10 * GB, recommended: null, ram: null }
const sizesOf = (units: CacheUnit[], more: Partial<typeof given> | { ram: number } | { recommended: number } = {}) => {
  const larger = largerCache({ ...given, ...more, units })
  if (larger.kind !== 'estimated') throw new Error(larger.reason)
  return larger
}

describe('what a larger cache would hold', () => {
  it('avoids what was read beyond the first time, and no more', () => {
    const { sizes, reread, read } = sizesOf([unit('orders', 512 * MB, 5)])
    expect(reread).toBe(4 * blocks(512 * MB))
    expect(sizes[0]).toMatchObject({ bytes: 2 * GB, avoided: reread, holds: ['orders'], partly: null })
    expect(sizes[0]?.ratio).toBeCloseTo((1_000_000 + reread) / (1_000_000 + read))
  })

  it('gives the room to what is read again most often by its size', () => {
    const { sizes } = sizesOf([unit('large', 4 * GB, 3), unit('hot', 256 * MB, 40)])
    expect(sizes.map(({ bytes }) => bytes / GB)).toEqual([2, 4, 8])
    expect(sizes.map(({ holds, partly }) => ({ holds, partly }))).toEqual([
      { holds: ['hot'], partly: 'large' },
      { holds: ['hot'], partly: 'large' },
      { holds: ['hot', 'large'].sort((a, b) => a.localeCompare(b)), partly: null },
    ])
    const [two, four, eight] = sizes.map(({ avoided }) => avoided)
    expect(two).toBeCloseTo(39 * blocks(256 * MB) + 2 * blocks(768 * MB))
    expect(four).toBeGreaterThan(two ?? 0)
    expect(eight).toBeCloseTo(39 * blocks(256 * MB) + 2 * blocks(4 * GB))
  })

  it('leaves out a size that avoids no more than a smaller one, but for the recommended', () => {
    const units = [unit('orders', 512 * MB, 5)]
    expect(sizesOf(units).sizes.map(({ bytes }) => bytes / GB)).toEqual([2])
    expect(sizesOf(units, { recommended: 4 * GB }).sizes.map(({ bytes }) => bytes / GB)).toEqual([2, 4])
  })

  it('scales another window to this one', () => {
    const { read, reread } = sizesOf([unit('orders', 512 * MB, 2, { seconds: 7_200 })])
    expect(read).toBe(blocks(512 * MB))
    expect(reread).toBe(blocks(512 * MB) / 2)
  })

  it('counts what has no known size as read, never as avoided', () => {
    const { reread } = sizesOf([unit('orders', 512 * MB, 2), unit('locked', null, 5)])
    expect(reread).toBe(blocks(512 * MB))
  })

  it('looks at the recommended size, and at no more than 40 % of the RAM', () => {
    const units = [unit('orders', 6 * GB, 5)]
    expect(sizesOf(units, { recommended: 4 * GB, ram: 16 * GB }).sizes.map(({ bytes }) => bytes / GB)).toEqual([2, 4])
    expect(sizesOf(units, { recommended: 1.5 * GB, ram: 6 * GB }).sizes.map(({ bytes }) => bytes / GB)).toEqual([1.5, 2])
    expect(largerCache({ ...given, units, ram: 2 * GB })).toEqual({ kind: 'none', reason: 'most' })
  })

  it.each([
    ['unused', { unused: 0.06 * GB }, unit('small', 200 * MB, 5, { seqShare: 1 })],
    ['unused', { unused: 0.06 * GB }, unit('orders_pkey', 512 * MB, 5)],
    ['unused', { unused: 0.06 * GB }, unit('too large for any of them', 3 * GB, 5, { seqShare: 1 })],
    ['ring', {}, unit('too large for any of them', 3 * GB, 5, { seqShare: 1 })],
    ['fits', { dataBytes: GB }, unit('orders', 512 * MB, 5)],
    ['few', {}, unit('orders', MB, 5, { hit: 100 })],
    ['once', {}, unit('orders', 512 * MB, 1)],
  ] as const)('says why there is nothing to tell: %s', (reason, more, one) => {
    expect(largerCache({ ...given, ...more, units: [one] })).toEqual({ kind: 'none', reason })
  })

  it('counts what Seq Scans read through the ring where buffers are left over, from four times its size on', () => {
    const units = [unit('orders', 512 * MB, 5, { seqShare: 1 }), unit('pushed out by nobody', 100 * MB, 5)]
    const { sizes } = sizesOf(units, { unused: 0.3 * GB })
    expect(sizes.map(({ bytes, holds, avoided }) => ({ gb: bytes / GB, holds, avoided }))).toEqual([
      { gb: 2, holds: ['orders'], avoided: 4 * blocks(512 * MB) },
    ])
  })

  it('keeps what Seq Scans read out of the gain until the table is below a quarter of the size', () => {
    const { sizes } = sizesOf([unit('orders', GB, 5, { seqShare: 0.75 })])
    expect(sizes.map(({ bytes, avoided }) => [bytes / GB, avoided])).toEqual([
      [2, 0.25 * 4 * blocks(GB)],
      [4, 4 * blocks(GB)],
    ])
  })

  it('names what matters alone', () => {
    const { sizes } = sizesOf([unit('orders', 512 * MB, 40), unit('tiny', MB, 3)])
    expect(sizes[0]).toMatchObject({ holds: ['orders'], partly: null })
  })

  it('does not call a few buffers that a DROP gave back idle', () => {
    expect(largerCache({ ...given, unused: 0.01 * GB, units: [unit('orders', 512 * MB, 5)] }).kind).toBe('estimated')
  })
})
