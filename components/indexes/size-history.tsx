'use client'
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts'
import { niceTicks } from '../charts/ticks'
import { bytes } from '../format'
import { clock, day } from '../format-time'
import { Legend } from '../ui/card'
import { SectionTitle } from '../ui/section-title'
import type { MeasuredIndex } from './described'

const MB = 1024 * 1024

/** Size and live size at each measurement that was really made; nothing in between is invented. */
export function SizeHistory({ measurements }: { measurements: MeasuredIndex[] }) {
  const points = [...measurements]
    .reverse()
    .map(({ measuredAt, bytes: size, rebuiltBytes }) => ({ at: Date.parse(measuredAt), size: size / MB, live: rebuiltBytes / MB }))
  const ticks = niceTicks(Math.max(...points.map(({ size }) => size)), 3)
  const [first, last] = [points[0], points.at(-1)]
  // Within one day the hour tells more.
  const tick = (at: number) => (first && last && day(first.at) === day(last.at) ? clock(at).slice(0, 5) : day(at))
  const label = `Size at ${points.length} measurements: ${points.map(({ at, size, live }) => `${day(at)} ${bytes(size * MB)}, live ${bytes(live * MB)}`).join('; ')}`
  return (
    <>
      <SectionTitle
        sub="MB, as measured"
        aside={
          <>
            <Legend mark={<i aria-hidden className="h-0.5 w-2 bg-warn-fill" />}>Size</Legend>
            <Legend mark={<i aria-hidden className="size-2 rounded-full bg-live" />}>Live</Legend>
          </>
        }
      >
        Size and bloat
      </SectionTitle>
      <div role="img" aria-label={label}>
        <ComposedChart
          responsive
          style={{ width: '100%', height: 168 }}
          data={points}
          margin={{ top: 8, right: 16, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            type="number"
            dataKey="at"
            domain={['dataMin', 'dataMax']}
            ticks={first && last ? [first.at, last.at] : []}
            tickFormatter={tick}
            axisLine={false}
            tickLine={false}
            height={20}
            tick={{ fontSize: 11, fill: 'var(--axis)' }}
          />
          <YAxis
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            axisLine={false}
            tickLine={false}
            width={36}
            tick={{ fontSize: 11, fill: 'var(--axis)' }}
          />
          <Area dataKey="size" stroke="none" fill="var(--warn-fill)" fillOpacity={0.16} isAnimationActive={false} />
          <Area dataKey="live" stroke="none" fill="var(--surface)" fillOpacity={1} isAnimationActive={false} />
          <Line
            dataKey="size"
            stroke="var(--warn-fill)"
            strokeWidth={1.7}
            dot={{ r: 3, fill: 'var(--warn-fill)', stroke: 'var(--surface)' }}
            isAnimationActive={false}
          />
          <Line
            dataKey="live"
            stroke="var(--live)"
            strokeDasharray="4 3"
            dot={{ r: 3, fill: 'var(--live)', strokeDasharray: '0', stroke: 'var(--surface)' }}
            isAnimationActive={false}
          />
        </ComposedChart>
      </div>
    </>
  )
}
