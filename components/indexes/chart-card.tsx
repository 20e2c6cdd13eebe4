'use client'
import { ChartNoAxesColumn, ChevronUp, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { IndexChart } from '@/db/indexes/index-chart'
import { IconButton } from '../ui/button'
import { Card } from '../ui/card'
import { ScrollRegion } from '../ui/scroll-region'

/** What both cards are given. */
export interface ChartsProps {
  server: string
  database: string
  chart: IndexChart
  /** False while nothing here can be called unused. */
  judged: boolean
  onPick: (indexrelid: number) => void
  onFold: () => void
}

interface ChartCardProps {
  title: ReactNode
  label: string
  sub?: ReactNode
  legend?: ReactNode
  /** Left out where the chart has its own. */
  table?: ReactNode
  onFold: () => void
  children: ReactNode
}

/** A small card that shows its chart, or the same as a table. */
export function ChartCard({ title, label, sub, legend, table, onFold, children }: ChartCardProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <Card label={label} className="flex h-[170px] flex-col overflow-hidden max-sm:h-auto max-sm:min-h-[170px]">
      <div className="flex h-[31px] shrink-0 items-center gap-x-2 px-3.5 pt-1 whitespace-nowrap max-sm:h-auto max-sm:flex-wrap">
        <h2 className="flex items-center gap-2 text-body font-semibold tracking-[-.005em]">{title}</h2>
        {sub && <span className="truncate text-label text-ink-3">{sub}</span>}
        <div className="ml-auto flex items-center gap-x-3 text-[11.5px] text-ink-2 max-sm:flex-wrap">{legend}</div>
        <div className="-mr-2 flex">
          {table && (
            <IconButton
              label={asTable ? `${label} as a chart` : `${label} as a table`}
              className="size-6! max-sm:size-9!"
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <ChartNoAxesColumn aria-hidden /> : <Table2 aria-hidden />}
            </IconButton>
          )}
          <IconButton label={`Fold the charts: ${label}`} className="size-6! max-sm:size-9!" onClick={onFold}>
            <ChevronUp aria-hidden />
          </IconButton>
        </div>
      </div>
      {asTable && table ? (
        <ScrollRegion label={`${label}, table`} className="min-h-0 flex-1 border-t border-line max-sm:max-h-[246px]">
          {table}
        </ScrollRegion>
      ) : (
        <div className="min-h-0 flex-1 px-3.5">{children}</div>
      )}
    </Card>
  )
}
