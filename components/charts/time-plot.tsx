'use client'
import { scaleLinear, scaleUtc } from 'd3-scale'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { classes } from '../ui/class-names'
import { EventMarks } from './event-marks'
import { bucketWords, type TimeBuckets, type TimeEvent, timeTicks } from './time-axis'
import { Tip } from './tip'
import { useNarrow } from './use-narrow'

/** What stands beside the crosshair. */
interface PlotTip {
  /** At the right of the moment: the sum. */
  sum?: string
  rows: { key: string; label: string; color: string; value: string }[]
}

interface TimePlotProps {
  buckets: TimeBuckets
  /** What a screen reader says of the whole: title, unit, range. */
  label: string
  /** px */
  height: number
  /** Values of the gridlines from 0; the last one is the top. */
  yTicks: number[]
  yTick: (value: number) => string
  events?: TimeEvent[]
  /** Drawn where the crosshair meets the value, in the axis' unit; null for none. */
  dotAt?: (index: number) => number | null
  tip: (index: number) => PlotTip
  /** Makes the plot select a range: by dragging, or by Shift with the arrows and Enter. */
  onSelect?: (from: number, to: number) => void
  /** SVG in a box of 1000 by 1000 that is stretched to the plot; strokes with vector-effect non-scaling-stroke. */
  children: (x: (at: number) => number, y: (value: number) => number) => ReactNode
}

const BOX = 1000
/** So far a pointer moves before it means a range, px. */
const DRAG = 4

/** The frame of a chart over time: gridlines, axes, event marks, a crosshair that snaps to samples, and a brush. */
export function TimePlot({ buckets, label, height, yTicks, yTick, events = [], dotAt, tip, onSelect, children }: TimePlotProps) {
  const { from, to, times, bucketMs, sampled } = buckets
  const [at, setAt] = useState<number | null>(null)
  const [start, setStart] = useState<number | null>(null)
  const down = useRef<{ x: number; index: number } | null>(null)
  const narrow = useNarrow()
  const top = yTicks.at(-1) || 1
  // Shares of the plot, from its left and its top.
  const share = scaleUtc([from, to], [0, 1]).clamp(true)
  const depth = scaleLinear([0, top], [1, 0])
  const middle = (index: number) => share(Math.min(sampled.to, Math.max(sampled.from, (times[index] ?? from) + bucketMs / 2)))
  const last = times.length - 1

  const indexAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const moment = Number(share.invert((event.clientX - box.left) / Math.max(1, box.width)))
    return Math.min(last, Math.max(0, Math.floor((moment - (times[0] ?? from)) / bucketMs)))
  }
  const selected = start !== null && at !== null ? ([Math.min(start, at), Math.max(start, at)] as const) : null
  const choose = ([first, final]: readonly [number, number]) => {
    setStart(null)
    onSelect?.(Math.max(from, times[first] ?? from), Math.min(to, (times[final] ?? to) + bucketMs))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const here = at ?? (event.key === 'ArrowRight' ? -1 : last + 1)
    const next = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key]
    if (next !== undefined) {
      if (event.shiftKey && onSelect) setStart((known) => known ?? at ?? last)
      else if (!event.shiftKey) setStart(null)
      setAt(Math.min(last, Math.max(0, next)))
    } else if (event.key === 'Enter' && selected) choose(selected)
    else if (event.key === 'Escape' && (selected || at !== null)) {
      setStart(null)
      setAt(null)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const shown = at === null ? null : tip(at)
  const dot = at === null ? null : (dotAt?.(at) ?? null)
  const words = at === null ? '' : bucketWords(times[at] ?? from, bucketMs, to - from)
  const spoken = shown ? [words, shown.sum, ...shown.rows.map((row) => `${row.label} ${row.value}`)].filter(Boolean).join(', ') : label
  return (
    <div className="relative pr-1 pb-[22px] pl-11" style={{ height }}>
      {yTicks.map((tick) => (
        <span
          key={tick}
          className="absolute left-0 w-10 -translate-y-1/2 text-right text-tick tracking-tight whitespace-nowrap text-ink-3"
          style={{ top: `calc((100% - 22px) * ${depth(tick)})` }}
        >
          {yTick(tick)}
        </span>
      ))}
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={at ?? 0}
        aria-valuetext={spoken}
        className={classes('relative size-full touch-pan-y outline-offset-2 select-none', onSelect && 'cursor-crosshair')}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setStart(null)
          setAt(null)
        }}
        onPointerDown={(event) => {
          if (event.button !== 0 || last < 0) return
          down.current = { x: event.clientX, index: indexAt(event) }
          if (onSelect) event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          if (last < 0) return
          setAt(indexAt(event))
          if (onSelect && down.current && Math.abs(event.clientX - down.current.x) > DRAG) setStart(down.current.index)
        }}
        onPointerUp={() => {
          down.current = null
          if (selected) choose(selected)
        }}
        onPointerCancel={() => {
          down.current = null
          setStart(null)
        }}
        onPointerLeave={() => !down.current && start === null && setAt(null)}
      >
        <svg aria-hidden viewBox={`0 0 ${BOX} ${BOX}`} preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible">
          {yTicks.map((tick) => (
            <line
              key={tick}
              x1={0}
              x2={BOX}
              y1={BOX * depth(tick)}
              y2={BOX * depth(tick)}
              stroke="var(--grid)"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {children(share.copy().range([0, BOX]), depth.copy().range([BOX, 0]))}
        </svg>
        {selected && (
          <span
            className="absolute inset-y-0 border-x border-accent bg-accent/12"
            style={{
              left: `${share(times[selected[0]] ?? from) * 100}%`,
              right: `${(1 - share((times[selected[1]] ?? to) + bucketMs)) * 100}%`,
            }}
          />
        )}
        {at !== null && <span className="absolute inset-y-0 w-px bg-ink" style={{ left: `${middle(at) * 100}%` }} />}
        {at !== null && dot !== null && (
          <span
            className="absolute -m-[3.5px] size-[7px] rounded-full border border-surface bg-ink"
            style={{ left: `${middle(at) * 100}%`, top: `${depth(dot) * 100}%` }}
          />
        )}
        {at !== null && shown && <MomentTip words={words} tip={shown} side={middle(at)} />}
      </div>
      <EventMarks events={events} from={from} to={to} share={share} />
      {timeTicks(from, to, narrow ? 4 : 8).map((tick) => (
        <span
          key={tick.at}
          className={classes(
            'absolute bottom-0 text-tick whitespace-nowrap text-ink-3',
            share(tick.at) > (narrow ? 0.92 : 0.97) ? '-translate-x-full' : share(tick.at) > 0.02 && '-translate-x-1/2',
          )}
          style={{ left: `calc(44px + (100% - 48px) * ${share(tick.at)})` }}
        >
          {tick.label}
        </span>
      ))}
    </div>
  )
}

function MomentTip({ words, tip, side }: { words: string; tip: PlotTip; side: number }) {
  const place = side < 0.55 ? { left: `calc(${side * 100}% + 10px)` } : { right: `calc(${(1 - side) * 100}% + 10px)` }
  return (
    <Tip className="absolute top-1 w-max max-w-[60%]" style={place}>
      <span className="flex justify-between gap-6 font-semibold whitespace-nowrap text-ink">
        {words}
        <span>{tip.sum}</span>
      </span>
      {tip.rows.map(({ key, label, color, value }) => (
        <span key={key} className="flex min-w-0 items-center gap-2">
          <i className="size-2 shrink-0 rounded-[2px]" style={{ background: color }} />
          <span className="truncate">{label}</span>
          <span className="ml-auto pl-3 whitespace-nowrap text-ink">{value}</span>
        </span>
      ))}
      {tip.rows.length === 0 && <span>No samples</span>}
    </Tip>
  )
}
