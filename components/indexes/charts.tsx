'use client'
import { ChartNoAxesColumn, ChevronDown } from 'lucide-react'
import { memo } from 'react'
import { classes } from '../ui/class-names'
import { useFold } from '../ui/use-fold'
import type { ChartsProps } from './chart-card'
import { LargestIndexes } from './largest-indexes'
import { Scans } from './scans-chart'

/**
 * Two small charts, which fold into one line; that is remembered in this browser. Drawn again only when the numbers are new: scrolling and
 * selecting must stay light.
 */
export const IndexCharts = memo(function IndexCharts(props: Omit<ChartsProps, 'onFold'>) {
  const fold = useFold('index-charts')
  return (
    <>
      <button
        type="button"
        aria-expanded={false}
        onClick={fold.open}
        className={classes(
          'mb-2 flex h-8 w-full items-center gap-2 rounded-card border border-line bg-surface px-4 text-left shadow-card max-sm:h-10',
          fold.state === 'open' && 'hidden',
          fold.state === null && 'sm:hidden',
        )}
      >
        <ChartNoAxesColumn aria-hidden className="size-3.5 text-ink-3" />
        <span className="font-semibold">Charts</span>
        <span className="text-label text-ink-3">Largest indexes, scans</span>
        <ChevronDown aria-hidden className="ml-auto size-4 text-ink-3" />
      </button>
      {fold.state !== 'folded' && (
        <div className={classes('mb-2 grid grid-cols-2 gap-4 max-lg:grid-cols-1', fold.state === null && 'max-sm:hidden')}>
          <LargestIndexes {...props} onFold={fold.fold} />
          <Scans {...props} onFold={fold.fold} />
        </div>
      )}
    </>
  )
})
