'use client'
import { TimeLines } from '../charts/charts'
import type { TimeBuckets, TimeSeries } from '../charts/time-axis'
import { bytesShort } from '../format'
import { Card, CardHeader, Legend } from '../ui/card'
import type { StorageAnswer } from './storage-answers'
import { forecastWords } from './storage-messages'

const DAY_MS = 86_400_000
/** So far ahead as was looked back, and no further than this: a line says nothing about next year. */
const MOST_AHEAD = 60

/** The databases together by day, and the forecast with its band. */
export function GrowthCard({ answer, now }: { answer: StorageAnswer; now: number }) {
  const drawn = growthSeries(answer, now)
  return (
    <Card label="Growth and forecast" className="pb-3">
      <CardHeader title="Growth and forecast" sub="all databases by day">
        <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-live" />}>Size</Legend>
        {answer.forecast.kind === 'trend' && (
          <>
            <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-accent" />}>Forecast</Legend>
            <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-line-2" />}>80% band</Legend>
          </>
        )}
      </CardHeader>
      <div className="px-4 pt-3">
        {drawn ? (
          <TimeLines
            label="Size of the databases by day, with the forecast"
            buckets={drawn.buckets}
            series={drawn.series}
            format={bytesShort}
            inBytes
            height={170}
            filled
          />
        ) : (
          <p className="py-3 text-cell text-ink-3">Two days of samples are needed for a line.</p>
        )}
        <p className="pt-2 text-cell text-ink-2">{forecastWords(answer, now)}</p>
      </div>
    </Card>
  )
}

/** A value a day: what was sampled, then what the trend says of the days ahead. null: there is no line to draw. */
function growthSeries(
  { days, forecast }: Pick<StorageAnswer, 'days' | 'forecast'>,
  now: number,
): { buckets: TimeBuckets; series: TimeSeries[] } | null {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last || first.day === last.day) return null
  const trend = forecast.kind === 'trend' ? forecast.trend : null
  const ahead = trend ? Math.min(MOST_AHEAD, last.day - first.day) : 0
  const times = Array.from({ length: last.day - first.day + 1 + ahead }, (_, at) => (first.day + at) * DAY_MS)
  const known = new Map(days.map(({ day, value }) => [day, value]))
  const at = (index: number) => first.day + index
  const by = (rate: number) =>
    times.map((_, index) => (trend && at(index) >= last.day ? Math.max(0, last.value + rate * (at(index) - last.day)) : null))
  const from = first.day * DAY_MS
  const end = (times.at(-1) ?? from) + DAY_MS
  // The last day is not over: what was measured ends now.
  const to = trend ? end : Math.min(end, Math.max(now, last.day * DAY_MS))
  return {
    buckets: { from, to, times, bucketMs: DAY_MS, sampled: { from, to } },
    series: [
      { key: 'size', label: 'Size', color: 'var(--live)', values: times.map((_, index) => known.get(at(index)) ?? null) },
      ...(trend
        ? [
            { key: 'forecast', label: 'Forecast', color: 'var(--accent)', values: by(trend.slope) },
            { key: 'low', label: 'Band, low', color: 'var(--line-2)', values: by(trend.low) },
            { key: 'high', label: 'Band, high', color: 'var(--line-2)', values: by(trend.high) },
          ]
        : []),
    ],
  }
}
