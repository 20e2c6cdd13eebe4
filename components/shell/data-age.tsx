'use client'
import { clock } from '../format-time'
import { classes } from '../ui/class-names'
import { usePageStatus, useReadAt } from './page-status'

/** ● Read 14:02:07 UTC. A stale page shows an amber ring and says so, one that was never read too; of a server that is down it is red. */
export function DataAge() {
  const { readAt, paused, down, ...status } = usePageStatus()
  const stale = status.stale || paused || down !== null
  if (!readAt && !stale) return null
  return (
    <span className="flex items-center gap-[7px] px-1.5 whitespace-nowrap">
      <i
        aria-hidden
        className={classes(
          'size-[7px] rounded-full',
          stale ? `border-[1.5px] ${down === null ? 'border-warn-fill' : 'border-bad-fill'}` : 'bg-ok-fill',
        )}
      />
      <span className="max-sm:sr-only">{readAt ? `${stale ? 'Not refreshed since' : 'Read'} ${clock(readAt)} UTC` : 'No answer'}</span>
    </span>
  )
}

/** For a page that is rendered on the server alone: tells the top bar when its numbers were read. */
export function ReadAt({ at }: { at: string }) {
  useReadAt(at)
  return null
}
