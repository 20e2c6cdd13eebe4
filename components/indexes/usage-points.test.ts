import { expect, it } from 'vitest'
import { usagePoints } from './usage-points'

const HOUR = 3_600_000
const AT = Date.UTC(2026, 10, 23, 10)
const point = (hour: number, scans: number, last = hour) => ({ at: AT + hour * HOUR, last: AT + last * HOUR, scans, indexes: 1 })

it('scans stand before the sample that counted them, and none beyond the last one', () => {
  const points = [point(1, 10), point(2, 20), point(4, 40)]
  const { buckets, values } = usagePoints({ begin: AT - HOUR, width: 3_600, step: 3_600, points }, AT + HOUR)
  expect(buckets.times).toEqual([0, 1, 2, 3].map((hour) => AT + hour * HOUR))
  expect(values).toEqual([10, 20, null, 40])
  expect(buckets).toMatchObject({ from: AT, to: AT + 4 * HOUR, sampled: { from: AT, to: AT + 4 * HOUR } })
})

it('buckets of several samples end with the last of them', () => {
  const points = [point(2, 20, 3), point(4, 40, 4)]
  const { buckets, values } = usagePoints({ begin: null, width: 7_200, step: 3_600, points }, AT + 2 * HOUR)
  expect(buckets.times).toEqual([AT + HOUR, AT + 3 * HOUR])
  expect(buckets.sampled).toEqual({ from: AT + HOUR, to: AT + 4 * HOUR })
  expect(values).toEqual([10, 20])
})

it('a young history begins when it began, and not with the hour', () => {
  const { buckets } = usagePoints({ begin: AT + HOUR / 2, width: 3_600, step: 3_600, points: [point(1, 10)] }, AT + HOUR)
  expect(buckets.sampled).toEqual({ from: AT + HOUR / 2, to: AT + HOUR })
})
