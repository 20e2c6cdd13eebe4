'use client'
import { CartesianGrid, ReferenceArea, Scatter, ScatterChart, type ScatterShapeProps, Tooltip, XAxis, YAxis } from 'recharts'
import { AXIS } from './axis'
import { type Mark, ScatterMark } from './scatter-mark'
import { freeForName, PLOT_WIDTH, placed, type ScatterPoint } from './scatter-scale'
import { Tip } from './tip'

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
  const at = ({ at }: Tick) => at
  const words = (ticks: Tick[], format: (value: number) => string) => (at: number) =>
    format(ticks.find((tick) => tick.at === at)?.value ?? 0)
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
          domain={[0, PLOT_WIDTH]}
          ticks={scale.xTicks.map(at)}
          tickFormatter={words(scale.xTicks, xTick)}
          {...AXIS}
          height={AXIS_HEIGHT}
        />
        <YAxis
          type="number"
          dataKey="y"
          domain={[0, height - AXIS_HEIGHT - TOP]}
          ticks={scale.yTicks.map(at)}
          tickFormatter={words(scale.yTicks, yTick)}
          {...AXIS}
          width={44}
          interval={0}
        />
        {corner.x < (scale.x.domain()[1] ?? 0) && (
          <ReferenceArea
            x1={scale.x(corner.x)}
            x2={PLOT_WIDTH}
            y1={0}
            y2={scale.y(corner.y)}
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

interface Tick {
  at: number
  value: number
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
    <Tip>
      <code className="text-ink">{point.name}</code>
      {describe(point)}
    </Tip>
  )
}
