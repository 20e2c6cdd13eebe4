import type { RunBar } from '@/db/runs/run-types'
import { bytes, exactCount } from '../format'
import { classes } from '../ui/class-names'

/** Blocks, rows, lockers … done of total. */
export function ProgressBars({ bars }: { bars: RunBar[] }) {
  if (bars.length === 0) return null
  return (
    <ul aria-label="Progress" className="mx-5 mt-4">
      {bars.map((bar) => (
        <Bar key={bar.name} bar={bar} />
      ))}
    </ul>
  )
}

function Bar({ bar: { name, done, total, unit } }: { bar: RunBar }) {
  const share = total > 0 ? Math.min(1, done / total) : 0
  const figures = unit === 'bytes' ? `${bytes(done)} / ${bytes(total)}` : `${exactCount(done)} / ${exactCount(total)} ${unit}`
  return (
    <li className="grid min-h-6 grid-cols-[150px_minmax(0,1fr)_190px] items-center gap-x-3.5 text-cell max-sm:grid-cols-[1fr_auto] max-sm:py-1">
      <span>{name}</span>
      <span
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={figures}
        className="block h-2 overflow-hidden rounded-[2px] bg-sunken max-sm:order-last max-sm:col-span-2"
      >
        <span className={classes('block h-full', share >= 1 ? 'bg-live' : 'bg-accent')} style={{ width: `${share * 100}%` }} />
      </span>
      <span className="text-right whitespace-nowrap text-ink-2">{figures}</span>
    </li>
  )
}
