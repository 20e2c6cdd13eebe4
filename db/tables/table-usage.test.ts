import { describe, expect, it } from 'vitest'
import { hotShare, usageOf } from './table-usage'

const row = (relid: number, n: string, hot = '0') =>
  ({ relid, seq_scan: n, seq_tup_read: n, idx_scan: n, idx_tup_fetch: n, n_tup_upd: n, n_tup_hot_upd: hot }) as never
const finding = (relid: number, root: number | null = null) => ({ relid, root }) as never

describe('usage', () => {
  it('of partitions is that of their root as well, and of nobody else', () => {
    const usage = usageOf([finding(1), finding(2, 1), finding(3, 1), finding(4)], [row(2, '5', '5'), row(3, '7', '1'), row(4, '11')])
    expect(usage.get(1)).toEqual({ seqScan: '12', seqRead: '12', idxScan: '12', idxFetched: '12', updated: '12', hotUpdated: '6' })
    expect(usage.get(2)).toMatchObject({ seqScan: '5', hotUpdated: '5' })
    expect(usage.get(4)).toMatchObject({ seqScan: '11' })
    expect([...usage.keys()].sort()).toEqual([1, 2, 3, 4])
  })

  it('loses no digit, counts a table that no finding knows for itself, and leaves out what was never used', () => {
    const large = '9007199254740993'
    const usage = usageOf([finding(1), finding(2, 1), finding(3, 1), finding(5)], [row(2, large), row(3, large), row(9, '1')])
    expect(usage.get(1)?.seqRead).toBe('18014398509481986')
    expect(usage.get(9)?.seqScan).toBe('1')
    expect(usage.has(5)).toBe(false)
  })

  it('has no HOT share without updates', () => {
    const usage = usageOf([finding(1), finding(2)], [row(1, '0'), row(2, '8', '6')])
    expect(hotShare(usage.get(1) ?? null)).toBeNull()
    expect(hotShare(usage.get(2) ?? null)).toBe(0.75)
    expect(hotShare(null)).toBeNull()
  })
})
