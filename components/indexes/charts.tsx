'use client'
import { ChartNoAxesColumn, Table2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { memo, type ReactNode, useState } from 'react'
import type { IndexChart, LargeIndex } from '@/db/indexes/index-chart'
import { ChartPlace } from '../charts/loading'
import { LegendMark, type Mark } from '../charts/scatter-mark'
import type { ScatterPoint } from '../charts/scatter-scale'
import type { StackedBar } from '../charts/stacked-bars'
import { bytes, bytesShort, count, percent, plural } from '../format'
import { IconButton } from '../ui/button'
import { Card, CardHeader, Legend } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ScrollRegion } from '../ui/scroll-region'
import { VERDICT_LABEL, VERDICTS } from './verdict'

// Recharts is the largest piece of the page and is not needed to read it.
const StackedBars = dynamic(() => import('../charts/stacked-bars').then((module) => module.StackedBars), {
  ssr: false,
  loading: () => <ChartPlace height={238} />,
})
const LogScatter = dynamic(() => import('../charts/log-scatter').then((module) => module.LogScatter), {
  ssr: false,
  loading: () => <ChartPlace height={242} />,
})

const MARKS: Record<(typeof VERDICTS)[number], { mark: Mark; color: string }> = {
  bloated: { mark: 'circle', color: 'var(--warn-fill)' },
  unused: { mark: 'ring', color: 'var(--unused-fill)' },
  redundant: { mark: 'double', color: 'var(--redun-fill)' },
  invalid: { mark: 'diamond', color: 'var(--bad-fill)' },
  'not-scanned': { mark: 'ring', color: 'var(--ink-3)' },
  constraint: { mark: 'square', color: 'var(--constr-fill)' },
  healthy: { mark: 'circle', color: 'var(--ok-fill)' },
}

const LARGE_BYTES = 1024 * 1024
const FEW_SCANS = 100

interface ChartsProps {
  chart: IndexChart
  /** False while nothing here can be called unused. */
  judged: boolean
  onPick: (indexrelid: number) => void
}

/** Drawn again only when the numbers are new: scrolling and selecting must stay light. */
export const IndexCharts = memo(function IndexCharts(props: ChartsProps) {
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      <LargestIndexes {...props} />
      <ScansAgainstSize {...props} />
    </div>
  )
})

/** A card that shows its chart, or the same as a table. */
function ChartCard(props: { title: string; sub?: string; legend: ReactNode; table: ReactNode; children: ReactNode }) {
  const [asTable, setAsTable] = useState(false)
  return (
    <Card label={props.title} className="flex flex-col">
      <CardHeader title={props.title} sub={props.sub}>
        {props.legend}
        <IconButton
          label={asTable ? `${props.title} as a chart` : `${props.title} as a table`}
          className="-my-1 -mr-2 size-6!"
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <ChartNoAxesColumn aria-hidden /> : <Table2 aria-hidden />}
        </IconButton>
      </CardHeader>
      {asTable ? (
        <ScrollRegion label={`${props.title}, table`} className="mt-2 max-h-[246px] border-t border-line">
          {props.table}
        </ScrollRegion>
      ) : (
        <div className="px-4 pt-2 pb-2">{props.children}</div>
      )}
    </Card>
  )
}

const UNITS: [string, number][] = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
]

function LargestIndexes({ chart, onPick }: ChartsProps) {
  const { largest } = chart
  const most = largest[0]?.bytes ?? 0
  const [unit, size] = UNITS.find(([, bytesOf]) => most >= bytesOf) ?? ['kB', 1024]
  const bars = largest.map((index) => barOf(index, size))
  return (
    <ChartCard
      title="Largest indexes"
      sub={`live and bloat, ${unit}`}
      legend={
        <>
          <Legend mark={<i aria-hidden className="size-2 rounded-[2px] bg-live" />}>Live</Legend>
          <Legend mark={<i aria-hidden className="size-2 rounded-[2px] bg-warn-fill" />}>Bloat</Legend>
          {bars.some(({ extra }) => extra === null) && (
            <Legend
              mark={
                <i
                  aria-hidden
                  className="size-2 border border-live-2 bg-[repeating-linear-gradient(-45deg,var(--live-2)_0_1px,transparent_1px_3px)]"
                />
              }
            >
              Not known
            </Legend>
          )}
        </>
      }
      table={
        <ChartTable
          head={['Index', 'Size', 'Bloat', 'Share']}
          rows={largest.map(({ indexrelid, indexrelname, bytes: size, bloatBytes, bloatRatio }) => ({
            key: indexrelid,
            cells: [
              indexrelname,
              bytes(size),
              bloatBytes === null ? 'n/a' : bytes(bloatBytes),
              bloatRatio === null ? 'n/a' : percent(bloatRatio),
            ],
          }))}
        />
      }
    >
      <StackedBars
        label={`The ${plural(bars.length, 'largest index', 'largest indexes')} with live and bloat: ${largest.map(({ indexrelname, bytes: size, bloatRatio }) => `${indexrelname} ${bytes(size)}, ${bloatRatio === null ? 'bloat not known' : `${percent(bloatRatio)} bloat`}`).join('; ')}`}
        bars={bars}
        unit={unit}
        onPick={onPick}
      />
    </ChartCard>
  )
}

function barOf({ indexrelid, indexrelname, bytes: size, bloatBytes, bloatRatio }: LargeIndex, unit: number): StackedBar {
  const known = bloatBytes !== null
  const extra = known ? Math.max(0, Math.min(bloatBytes, size)) / unit : null
  return {
    id: indexrelid,
    name: indexrelname,
    solid: size / unit - (extra ?? 0),
    extra,
    value: (size / unit).toFixed(1),
    note: bloatRatio === null ? 'n/a' : percent(bloatRatio),
    noteTone: bloatRatio !== null && bloatRatio >= 0.2 ? 'warn' : 'quiet',
  }
}

function ScansAgainstSize({ chart, judged, onPick }: ChartsProps) {
  const points = scatterPoints(chart)
  const present = VERDICTS.filter((verdict) => points.some((point) => point.series === verdict))
  const named = chart.points
    .filter(({ verdict }) => verdict === 'bloated')
    .sort((one, other) => other.bytes - one.bytes)
    .map(({ indexrelid }) => indexrelid)
  const { largeUnused } = chart
  const corner = judged ? `${plural(largeUnused.count, 'index', 'indexes')}, ${bytesShort(largeUnused.bytes)}` : 'not judged yet'
  return (
    <ChartCard
      title="Scans against size"
      legend={present.map((verdict) => (
        <Legend key={verdict} mark={<LegendMark {...MARKS[verdict]} />}>
          {VERDICT_LABEL[verdict]}
        </Legend>
      ))}
      table={
        <ChartTable
          head={['Index', 'Verdict', 'Size', 'Scans']}
          rows={chart.points.map(({ indexrelid, indexrelname, verdict, bytes: size, idxScan }) => ({
            key: indexrelid,
            cells: [indexrelname, VERDICT_LABEL[verdict], bytes(size), count(idxScan)],
          }))}
        />
      }
    >
      <LogScatter
        label={`Scans against size: ${plural(points.length, 'point', 'points')}. Large and unused: ${corner}`}
        points={points}
        // The quiet ones first, so that the others are drawn over them.
        series={['healthy' as const, ...VERDICTS.filter((verdict) => verdict !== 'healthy').reverse()].map((verdict) => ({
          key: verdict,
          label: VERDICT_LABEL[verdict],
          ...MARKS[verdict],
          quiet: verdict === 'healthy',
        }))}
        corner={{ x: LARGE_BYTES, y: FEW_SCANS }}
        xTick={(size) => bytesShort(size).replace('.0 ', ' ')}
        yTick={(scans) => count(scans).replace('.0 ', ' ')}
        named={named}
        describe={({ valueX, valueY, series }) =>
          `${VERDICT_LABEL[series as keyof typeof VERDICT_LABEL]}, ${bytes(valueX)}, ${count(valueY)} scans`
        }
        onPick={(id) => id > 0 && onPick(id)}
      />
      <p className="mt-0.5 flex items-center gap-1.5 text-label text-ink-2">
        <i aria-hidden className="size-3 shrink-0 rounded-[2px] border border-dashed border-unused-fill bg-unused-soft" />
        Large and unused: {corner}
      </p>
    </ChartCard>
  )
}

/** Each index a point; of very many, those that lie close together are one point, which says how many it stands for. */
function scatterPoints({ points, clusters }: IndexChart): ScatterPoint[] {
  const single = points.map(({ indexrelid, indexrelname, bytes: size, idxScan, verdict }) => {
    return { id: indexrelid, name: indexrelname, series: verdict, valueX: size, valueY: idxScan }
  })
  const joined = clusters.map(({ verdict, count: members, bytes: size, idxScan }) => {
    return { id: 0, name: `${count(members)} indexes of about this size`, series: verdict, valueX: size, valueY: idxScan }
  })
  return [...joined, ...single]
}

/** The same numbers as rows: the first column is a name, the others stand right. */
function ChartTable({ head, rows }: { head: string[]; rows: { key: number; cells: string[] }[] }) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr>
          {head.map((label, at) => (
            <HeadCell key={label} numeric={at > 0}>
              {label}
            </HeadCell>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <Row key={key}>
            {cells.map((text, at) => (
              <Cell key={head[at]} numeric={at > 0} className={at === 0 ? 'font-mono [overflow-wrap:anywhere]' : undefined}>
                {text}
              </Cell>
            ))}
          </Row>
        ))}
      </tbody>
    </table>
  )
}
