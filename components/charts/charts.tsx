'use client'
import dynamic from 'next/dynamic'
import type { ComponentProps, ReactNode } from 'react'

export { useNarrow } from './use-narrow'

// Pages take what people point at from here: what draws it (d3, Recharts) is fetched after what a page needs to be read, and the server
// keeps its place.

/** Height of a chart in a card, px: with it the list below the charts of indexes begins on the first screen. */
export const CHART_HEIGHT = 132
/** Of the line below a chart over time that unfolds its table, px. */
const TABLE_LINE = 20

const Area = dynamic(() => import('./stacked-area').then((module) => module.StackedArea), { ssr: false })
const Lines = dynamic(() => import('./time-lines').then((module) => module.TimeLines), { ssr: false })
const Scatter = dynamic(() => import('./log-scatter').then((module) => module.LogScatter), { ssr: false })
const Tiles = dynamic(() => import('./area-map').then((module) => module.AreaMap), { ssr: false })
const Points = dynamic(() => import('./measured-points').then((module) => module.MeasuredPoints), { ssr: false })
const Curve = dynamic(() => import('./size-curve').then((module) => module.SizeCurve), { ssr: false })
const Bars = dynamic(() => import('./stacked-bars').then((module) => module.StackedBars), { ssr: false })

const Place = ({ height, children }: { height: number; children: ReactNode }) => <div style={{ minHeight: height }}>{children}</div>

export const StackedArea = (props: ComponentProps<typeof Area>) => (
  <Place height={props.height + TABLE_LINE}>
    <Area {...props} />
  </Place>
)

export const TimeLines = (props: ComponentProps<typeof Lines>) => (
  <Place height={props.height + TABLE_LINE}>
    <Lines {...props} />
  </Place>
)

export const LogScatter = (props: ComponentProps<typeof Scatter>) => (
  <Place height={props.height}>
    <Scatter {...props} />
  </Place>
)

export const StackedBars = (props: ComponentProps<typeof Bars>) => (
  <Place height={CHART_HEIGHT}>
    <Bars {...props} />
  </Place>
)

export const AreaMap = (props: ComponentProps<typeof Tiles>) => (
  <Place height={props.height}>
    <Tiles {...props} />
  </Place>
)

export const MeasuredPoints = (props: ComponentProps<typeof Points>) => (
  <Place height={props.height}>
    <Points {...props} />
  </Place>
)

export const SizeCurve = (props: ComponentProps<typeof Curve>) => (
  <Place height={props.height + TABLE_LINE}>
    <Curve {...props} />
  </Place>
)
