'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { IndexChart } from '@/db/indexes/index-chart'
import { ChartTable } from '../charts/chart-table'
import { CHART_HEIGHT, LogScatter } from '../charts/charts'
import type { ScatterPoint } from '../charts/scatter-scale'
import { bytes, bytesShort, count, plural } from '../format'
import { ChartCard, type ChartsProps } from './chart-card'
import { VERDICT_LABEL, VERDICTS } from './verdict'
import { VERDICT_MARKS } from './verdict-marks'

const UsageOverTime = dynamic(() => import('./usage-over-time').then((module) => module.UsageOverTime), { ssr: false })

const LARGE_BYTES = 1024 * 1024
const FEW_SCANS = 100
const LABEL = { size: 'Scans against size', time: 'Scans over time' }

/** The quiet ones first, so that the others are drawn over them. */
const SERIES = (['healthy', ...VERDICTS.filter((verdict) => verdict !== 'healthy').reverse()] as const).map((verdict) => ({
  key: verdict,
  label: VERDICT_LABEL[verdict],
  ...VERDICT_MARKS[verdict],
  quiet: verdict === 'healthy',
}))

/** Scans against size now, or all scans over time. */
export function Scans({ server, database, chart, judged, onPick, onFold }: ChartsProps) {
  const [over, setOver] = useState<'size' | 'time'>('size')
  const points = scatterPoints(chart)
  const named = chart.points
    .filter(({ verdict }) => verdict === 'bloated')
    .sort((one, other) => other.bytes - one.bytes)
    .map(({ indexrelid }) => indexrelid)
  const { largeUnused } = chart
  const corner = judged ? `${plural(largeUnused.count, 'index', 'indexes')}, ${bytesShort(largeUnused.bytes)}` : 'not judged yet'
  return (
    <ChartCard
      label={LABEL[over]}
      title={(['size', 'time'] as const).map((which) => (
        <button
          key={which}
          type="button"
          aria-pressed={over === which}
          onClick={() => setOver(which)}
          className="rounded-[3px] font-medium text-ink-3 hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink max-sm:py-2"
        >
          {LABEL[which]}
        </button>
      ))}
      onFold={onFold}
      legend={
        over === 'size' && (
          <span className="flex items-center gap-1.5">
            <i aria-hidden className="size-3 shrink-0 rounded-[2px] border border-dashed border-unused-fill bg-unused-soft" />
            Large and unused: {corner}
          </span>
        )
      }
      table={
        over === 'size' && (
          <ChartTable
            nameClass="font-mono [overflow-wrap:anywhere]"
            head={['Index', 'Verdict', 'Size', 'Scans']}
            rows={chart.points.map(({ indexrelid, indexrelname, verdict, bytes: size, idxScan }) => ({
              key: indexrelid,
              cells: [indexrelname, VERDICT_LABEL[verdict], bytes(size), count(idxScan)],
            }))}
          />
        )
      }
    >
      {over === 'time' ? (
        <UsageOverTime server={server} database={database} />
      ) : (
        <LogScatter
          label={`Scans against size: ${plural(points.length, 'point', 'points')}. Large and unused: ${corner}`}
          height={CHART_HEIGHT}
          points={points}
          series={SERIES}
          corner={{ x: LARGE_BYTES, y: FEW_SCANS }}
          xTick={(size) => bytesShort(size).replace('.0 ', ' ')}
          yTick={(scans) => count(scans).replace('.0 ', ' ')}
          named={named}
          describe={({ valueX, valueY, series }) =>
            `${VERDICT_LABEL[series as keyof typeof VERDICT_LABEL]}, ${bytes(valueX)}, ${count(valueY)} scans`
          }
          onPick={(id) => id > 0 && onPick(id)}
        />
      )}
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
