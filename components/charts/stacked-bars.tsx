'use client'
import { Bar, BarChart, type BarShapeProps, CartesianGrid, XAxis, YAxis } from 'recharts'
import { classes } from '../ui/class-names'
import { BreakableName } from '../ui/identifier'
import { AXIS } from './axis'
import { niceTicks } from './ticks'
import { useNarrow } from './use-narrow'

/** One bar: `solid` and `extra` in the axis' unit; extra null draws the whole of it hatched, as not known. */
export interface StackedBar {
  id: number
  name: string
  solid: number
  extra: number | null
  /** Printed at the right, and what follows it. */
  value: string
  note: string
  noteTone: 'warn' | 'quiet'
}

interface StackedBarsProps {
  label: string
  bars: StackedBar[]
  /** The unit, printed with the last tick. */
  unit: string
  onPick?: (id: number) => void
}

const ROW = 18
/** Width of a letter of a name at 11.5 px, and between what the column of names may be wide. */
const LETTER = 6.7
const NAME_WIDTH = { least: 120, most: 284, narrow: 148 }
const VALUE_WIDTH = 92

/** Horizontal bars of two parts with their names at the left and their values at the right. */
export function StackedBars({ label, bars, unit, onPick }: StackedBarsProps) {
  const ticks = niceTicks(Math.max(...bars.map(({ solid, extra }) => solid + (extra ?? 0)), 0), 3)
  const narrow = useNarrow()
  const longest = Math.max(...bars.map(({ name }) => name.length), 0)
  const nameWidth = Math.min(narrow ? NAME_WIDTH.narrow : NAME_WIDTH.most, Math.max(NAME_WIDTH.least, longest * LETTER + 14))
  const pick = (item: { payload?: StackedBar }) => item.payload && onPick?.(item.payload.id)
  const at = (index: number) => bars[index] as StackedBar
  return (
    <div role="img" aria-label={label}>
      <BarChart
        responsive
        style={{ width: '100%', height: bars.length * ROW + 24 }}
        data={bars}
        layout="vertical"
        margin={{ top: 3, right: VALUE_WIDTH, bottom: 0, left: 0 }}
        barCategoryGap={0}
        accessibilityLayer={false}
      >
        <defs>
          <pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="5" fill="var(--live-2)" opacity=".45" />
          </pattern>
        </defs>
        <CartesianGrid horizontal={false} stroke="var(--grid)" />
        <XAxis
          type="number"
          domain={[0, ticks.at(-1) ?? 1]}
          ticks={ticks}
          {...AXIS}
          height={20}
          interval={0}
          tickFormatter={(tick: number) => (tick === ticks.at(-1) ? `${tick} ${unit}` : String(tick))}
        />
        <YAxis
          type="category"
          dataKey="id"
          width={nameWidth}
          {...AXIS}
          interval={0}
          tick={({ x, y, index }: { x: number | string; y: number | string; index: number }) => (
            <BarName x={Number(x)} y={Number(y)} bar={at(index)} small={longest * LETTER > nameWidth} />
          )}
        />
        <Bar
          onClick={pick}
          dataKey="solid"
          stackId="size"
          isAnimationActive={false}
          shape={(props: BarShapeProps) => <Solid {...props} />}
        />
        <Bar
          onClick={pick}
          dataKey={(bar: StackedBar) => bar.extra ?? 0}
          stackId="size"
          isAnimationActive={false}
          shape={(props: BarShapeProps) => <Extra {...props} />}
        />
      </BarChart>
    </div>
  )
}

const barOf = (props: BarShapeProps) => props.payload as StackedBar
const THICK = 10

function Solid(props: BarShapeProps) {
  const { x = 0, y = 0, width = 0, height = 0 } = props
  const unknown = barOf(props).extra === null
  return (
    <rect
      x={Number(x)}
      y={Number(y) + (Number(height) - THICK) / 2}
      width={Number(width)}
      height={THICK}
      fill={unknown ? 'url(#hatched)' : 'var(--live)'}
      stroke={unknown ? 'var(--live-2)' : undefined}
      strokeWidth={unknown ? 0.8 : undefined}
    />
  )
}

/** The second part, a pixel apart from the first. */
function Extra(props: BarShapeProps) {
  const { x = 0, y = 0, width = 0, height = 0 } = props
  const { value, note, noteTone } = barOf(props)
  const middle = Number(y) + Number(height) / 2
  return (
    <g>
      {Number(width) > 1 && (
        <rect x={Number(x) + 1} y={middle - THICK / 2} width={Number(width) - 1} height={THICK} fill="var(--warn-fill)" />
      )}
      <BarValue y={middle} value={value} note={note} noteTone={noteTone} />
    </g>
  )
}

function BarValue({ y, value, note, noteTone }: { y: number; value: string; note: string; noteTone: 'warn' | 'quiet' }) {
  return (
    <foreignObject x="0" y={y - 8} width="100%" height="16" style={{ pointerEvents: 'none' }}>
      <div className="flex justify-end text-[11.5px] leading-4">
        <span className="text-ink">{value}</span>
        <span className={classes('w-[42px] text-right', noteTone === 'warn' ? 'text-warn' : 'text-ink-3')}>{note}</span>
      </div>
    </foreignObject>
  )
}

/** A name of up to 63 characters: all of a chart small, in two lines parted after an underscore, where one does not fit. */
function BarName({ x, y, bar, small }: { x: number; y: number; bar: StackedBar; small: boolean }) {
  return (
    <foreignObject x="0" y={y - ROW / 2} width={x} height={ROW}>
      <div className="flex h-full items-center justify-end pr-1">
        <span
          title={bar.name}
          className={classes(
            'text-right font-mono tracking-[-.02em] text-ink-2 [overflow-wrap:anywhere]',
            small ? 'text-[9px] leading-[9px]' : 'text-[11.5px] leading-4',
          )}
        >
          <BreakableName name={bar.name} />
        </span>
      </div>
    </foreignObject>
  )
}
