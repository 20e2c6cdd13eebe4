import { type Blocks, hitRatio, LEAST_BLOCKS } from '@/db/domain/hit-ratio'
import { exactCount } from '../format'
import { classes } from '../ui/class-names'
import { ratioWords } from './cache-messages'

/** From where the bar begins: below there is no telling apart. */
const FROM = 0.9

/** A hit ratio with its bar from 90 to 100 %, n/a where there are too few blocks. */
export function RatioBar({ blocks, bar = true }: { blocks: Blocks; bar?: boolean }) {
  const ratio = hitRatio(blocks)
  if (ratio.kind === 'few')
    return (
      <span className="text-ink-3" title={`Withheld: ${exactCount(ratio.blocks)} blocks; a ratio needs ${exactCount(LEAST_BLOCKS)}`}>
        n/a
      </span>
    )
  const width = Math.max(0, (ratio.ratio - FROM) / (1 - FROM)) * 100
  return (
    <span className="inline-flex items-center justify-end gap-2.5">
      {bar && (
        <span aria-hidden className="block h-[7px] w-12 shrink-0 bg-sunken max-sm:hidden">
          <i className={classes('block h-full', ratio.low ? 'bg-warn-fill' : 'bg-live')} style={{ width: `${width}%` }} />
        </span>
      )}
      <span className={classes('w-[52px] text-right', ratio.low && 'font-medium text-warn')}>
        {ratioWords(ratio.ratio)}
        {ratio.low && <span className="sr-only"> low</span>}
      </span>
    </span>
  )
}
