import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketWords, clustered, corners, stretches, timeTicks } from './time-axis'

const at = (text: string) => Date.parse(`2026-11-23T${text}Z`)

describe('ticks of time', () => {
  test('stand at round moments', () => {
    expect(timeTicks(at('08:03:00'), at('14:00:00'), 6).map(({ label }) => label)).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
      '13:00',
      '14:00',
    ])
    expect(
      timeTicks(at('08:00:00'), at('08:01:00'), 6)
        .map(({ label }) => label)
        .slice(0, 2),
    ).toEqual(['08:00:00', '08:00:15'])
  })

  test('say the day at midnight, and alone where they are days apart', () => {
    expect(timeTicks(at('00:00:00') - 12 * 3_600_000, at('18:00:00'), 6).map(({ label }) => label)).toEqual([
      '12:00',
      '18:00',
      '23 Nov',
      '06:00',
      '12:00',
      '18:00',
    ])
    expect(timeTicks(at('00:00:00') - 3 * 86_400_000, at('00:00:00'), 6).map(({ label }) => label)).toContain('21 Nov')
  })
})

test('ticks of time are never more than fit, and whole seconds', () => {
  const range = fc.record({
    from: fc.integer({ min: at('00:00:00') - 1e12, max: at('00:00:00') }),
    span: fc.integer({ min: 1000, max: 1e11 }),
  })
  fc.assert(
    fc.property(range, fc.constantFrom(4, 8), ({ from, span }, most) => {
      const ticks = timeTicks(from, from + span, most)
      const within = ticks.every((tick) => tick.at >= from && tick.at <= from + span && tick.at % 1000 === 0)
      const labels = new Set(ticks.map(({ label }) => label))
      return within && ticks.length <= most && (span >= 86_400_000 || labels.size === ticks.length)
    }),
  )
})

test('a bucket is named by its ends', () => {
  expect(bucketWords(at('11:40:00'), 300_000, 3_600_000)).toBe('11:40 to 11:45')
  expect(bucketWords(at('11:40:10'), 10_000, 3_600_000)).toBe('11:40:10 to 11:40:20')
  expect(bucketWords(at('11:00:00'), 3_600_000, 7 * 86_400_000)).toBe('23 Nov, 11:00 to 12:00')
})

describe('gaps', () => {
  test('part a line', () => {
    expect(stretches([null, 1, 2, null, 0, null])).toEqual([
      [1, 2],
      [4, 4],
    ])
    expect(stretches([null, null])).toEqual([])
  })

  test('leave a lone bucket as wide as it is', () => {
    const buckets = { from: 0, to: 40, times: [0, 10, 20, 30], bucketMs: 10, sampled: { from: 0, to: 40 } }
    expect(corners(buckets, [1, 1])).toEqual([
      [10, 1],
      [15, 1],
      [20, 1],
    ])
  })
})

test('a line begins with the first sample and ends with the last, wherever their buckets end', () => {
  const buckets = { from: 0, to: 40, times: [0, 10, 20, 30], bucketMs: 10, sampled: { from: 7, to: 32 } }
  const line = corners(buckets, [0, 3]).map(([moment]) => moment)
  expect([line[0], line.at(-1)]).toEqual([7, 32])
  expect(line).toEqual(line.toSorted((a, b) => a - b))
  for (const moment of line) expect(moment >= 7 && moment <= 32).toBe(true)
})

test('events that would cover each other stand together, those outside of the range nowhere', () => {
  const event = (when: number) => ({ at: when, label: String(when), tone: 'plain' as const })
  const groups = clustered([event(500), event(10), event(15), event(2000)], 0, 1000, 0.01)
  expect(groups.map((group) => group.map(({ label }) => label))).toEqual([['10', '15'], ['500']])
})
