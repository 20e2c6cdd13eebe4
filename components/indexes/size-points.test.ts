import { describe, expect, it } from 'vitest'
import { sizePoints } from './size-points'

const HOUR = 3_600_000
const BEGIN = Date.UTC(2026, 10, 1)
const sampled = (hour: number, bytes: number | null, scans: number | null = null) => ({
  at: BEGIN + hour * HOUR,
  bytes,
  liveBytes: bytes === null ? null : bytes / 2,
  scans,
})

const NOTHING = { history: [], measurements: [], begin: null, finding: { bytes: null, bloatBytes: null } }

describe('the history of an index', () => {
  it('needs two moments', () => {
    expect(sizePoints({ ...NOTHING, finding: { bytes: 10, bloatBytes: 5 } }, BEGIN)).toBeNull()
    expect(sizePoints({ ...NOTHING, history: [sampled(0, 10)], finding: { bytes: 10, bloatBytes: 5 } }, BEGIN + HOUR)).not.toBeNull()
  })

  it('holds a size until another one is known, and adds up scans', () => {
    const history = [sampled(0, 100), sampled(1, 200, 5), sampled(239, 300, 7)]
    const points = sizePoints({ ...NOTHING, history }, BEGIN + 240 * HOUR)
    expect(points?.buckets).toMatchObject({ from: BEGIN, bucketMs: HOUR })
    expect(points?.size.slice(0, 3)).toEqual([100, 200, 200])
    expect(points?.size.at(-1)).toBe(300)
    expect(points?.live.slice(0, 2)).toEqual([50, 100])
    expect(points?.scans.slice(0, 3)).toEqual([null, 5, null])
  })

  it('takes what was measured into the same line', () => {
    const measurement = {
      indexrelid: 1,
      relfilenode: 1,
      measuredAt: new Date(BEGIN + HOUR).toISOString(),
      method: 'rebuild' as const,
      bytes: 40,
      rebuiltBytes: 40,
      plusMinus: 0,
      detail: {},
      current: true,
    }
    const points = sizePoints({ ...NOTHING, history: [sampled(0, 100)], measurements: [measurement] }, BEGIN + 2 * HOUR)
    expect(points?.size[0]).toBe(100)
    expect([points?.size.at(-1), points?.live.at(-1)]).toEqual([40, 40])
  })

  it('ends with the size of now, and begins with the history, not with its hour', () => {
    const half = HOUR / 2
    const points = sizePoints(
      { ...NOTHING, history: [sampled(0, 100)], begin: BEGIN + half, finding: { bytes: 300, bloatBytes: 100 } },
      BEGIN + 2 * HOUR,
    )
    expect(points?.buckets.sampled).toEqual({ from: BEGIN + half, to: BEGIN + 2 * HOUR })
    expect(points?.buckets).toMatchObject({ from: BEGIN + half, to: BEGIN + 2 * HOUR })
    expect([points?.size.at(-1), points?.live.at(-1)]).toEqual([300, 200])
  })
})
