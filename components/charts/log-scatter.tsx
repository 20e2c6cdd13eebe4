'use client'
import { CartesianGrid, ReferenceArea, Scatter, ScatterChart, type ScatterShapeProps, Tooltip, XAxis, YAxis } from 'recharts'
import { type Mark, ScatterMark } from './scatter-mark'
import { freeForName, placed, type ScatterPoint } from './scatter-scale'

interface ScatterSeries {
  key: string
  label: string
  mark: Mark
  /** A CSS colour. */
  color: string
  /** Drawn small and pale, below the others. */
  quiet?: boolean
}

interface LogScatterProps {
  label: string
  /** px */
  height: number
  points: ScatterPoint[]
  series: ScatterSeries[]
  /** The corner from `x` to the right and from `y` down. What it means stands beside the chart: no point can cover it there. */
  corner: { x: number; y: number }
  xTick: (value: number) => string
  yTick: (value: number) => string
  /** Points that are worth a name, the worthiest first: one that has room for it gets it. */
  named: number[]
  describe: (point: ScatterPoint) => string
  onPick?: (id: number) => void
}

const [TOP, AXIS_HEIGHT] = [8, 20]

/** Two log axes, with a band of its own for zero: log has none. Zeros that would cover each other are stacked. */
export function LogScatter({ label, height, points, series, corner, xTick, yTick, named, describe, onPick }: LogScatterProps) {
  const scale = placed(points, height - AXIS_HEIGHT - TOP)
  const nameOn = freeForName(scale, named)
  const cornerAt = { x: Math.log2(corner.x), y: Math.log10(corner.y) }
  const xMax = scale.xDomain[1]
  return (
    <div role="img" aria-label={label}>
      <ScatterChart
        responsive
        style={{ width: '100%', height }}
        margin={{ top: TOP, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--grid)" />
        <XAxis
          type="number"
          dataKey="x"
          domain={scale.xDomain}
          ticks={scale.xTicks}
          tickFormatter={(at: number) => xTick(2 ** at)}
          axisLine={false}
          tickLine={false}
          height={AXIS_HEIGHT}
          tick={{ fontSize: 11, fill: 'var(--axis)' }}
        />
        <YAxis
          type="number"
          dataKey="y"
          domain={scale.yDomain}
          ticks={scale.yTicks}
          tickFormatter={(at: number) => (at === scale.zero ? '0' : yTick(10 ** at))}
          axisLine={false}
          tickLine={false}
          width={44}
          interval={0}
          tick={{ fontSize: 11, fill: 'var(--axis)' }}
        />
        {cornerAt.x < xMax && (
          <ReferenceArea
            x1={cornerAt.x}
            x2={xMax}
            y1={scale.yDomain[0]}
            y2={cornerAt.y}
            fill="var(--unused-soft)"
            fillOpacity={1}
            stroke="var(--unused-fill)"
            strokeDasharray="3 3"
          />
        )}
        <Tooltip cursor={false} isAnimationActive={false} content={<PointWords describe={describe} />} />
        {series.map(({ key, mark, color, quiet }) => (
          <Scatter
            key={key}
            data={scale.points.filter((point) => point.series === key)}
            isAnimationActive={false}
            onClick={(item) => onPick?.((item.payload as ScatterPoint).id)}
            shape={({ cx = 0, cy = 0, payload }: ScatterShapeProps) => (
              <ScatterMark mark={mark} color={color} quiet={quiet} cx={cx} cy={cy} name={nameOf(payload as ScatterPoint, nameOn)} />
            )}
          />
        ))}
      </ScatterChart>
    </div>
  )
}

const nameOf = (point: ScatterPoint, named: number | undefined) => (point.id === named ? point.name : undefined)

interface PointWordsProps {
  active?: boolean
  payload?: readonly { payload?: unknown }[]
  describe: (point: ScatterPoint) => string
}

function PointWords({ active, payload, describe }: PointWordsProps) {
  const point = payload?.[0]?.payload as ScatterPoint | undefined
  if (!active || !point) return null
  return (
    <div className="rounded-control border border-line bg-surface px-2 py-1 text-label text-ink-2 shadow-float">
      <code className="block text-ink">{point.name}</code>
      {describe(point)}
    </div>
  )
}
