'use client'
import type { LargeIndex } from '@/db/indexes/index-chart'
import { ChartTable } from '../charts/chart-table'
import { StackedBars } from '../charts/charts'
import type { StackedBar } from '../charts/stacked-bars'
import { bytes, percent, plural } from '../format'
import { Legend } from '../ui/card'
import { ChartCard, type ChartsProps } from './chart-card'

const UNITS: [string, number][] = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
]

/** As many fit into the card; its table has more. */
const BARS = 6

/** The largest indexes with what a rebuild would leave of them. */
export function LargestIndexes({ chart, onPick, onFold }: ChartsProps) {
  const { largest } = chart
  const most = largest[0]?.bytes ?? 0
  const [unit, size] = UNITS.find(([, bytesOf]) => most >= bytesOf) ?? ['kB', 1024]
  const bars = largest.slice(0, BARS).map((index) => barOf(index, size))
  return (
    <ChartCard
      title="Largest indexes"
      label="Largest indexes"
      onFold={onFold}
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
          nameClass="font-mono [overflow-wrap:anywhere]"
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
        label={`The ${plural(bars.length, 'largest index', 'largest indexes')} with live and bloat: ${largest
          .slice(0, BARS)
          .map(
            ({ indexrelname, bytes: size, bloatRatio }) =>
              `${indexrelname} ${bytes(size)}, ${bloatRatio === null ? 'bloat not known' : `${percent(bloatRatio)} bloat`}`,
          )
          .join('; ')}`}
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
