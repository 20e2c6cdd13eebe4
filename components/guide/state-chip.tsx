import type { State } from '@/db/guide/catalogue/state'
import { classes } from '../ui/class-names'
import { STATE_LABEL } from './catalogue-messages'

const CHIP: Record<State, string> = {
  present: 'pr-1.5 text-ink-2',
  improved: 'bg-ok-soft px-1.5 text-ok',
  redundant: 'bg-redun-soft px-1.5 text-redun',
  served: 'pr-1.5 text-ink-3',
  missing: 'bg-accent-soft px-1.5 text-accent',
  cannot: 'bg-bad-soft px-1.5 text-bad',
  invalid: 'bg-bad-soft px-1.5 text-bad',
  absent: 'pr-1.5 text-ink-3',
  unread: 'pr-1.5 text-ink-3',
}

// Dot, triangle, doubled, ring, dashed, diamond: the shape says it without the hue.
const MARK: Record<State, string> = {
  present: 'size-1.5 rounded-full bg-ok-fill',
  improved: 'border-x-[3.5px] border-b-[6px] border-x-transparent border-b-ok-fill',
  redundant: 'size-[5px] bg-redun shadow-[2px_-2px_0_-.5px_var(--redun-fill)]',
  served: 'size-1.5 rounded-full border-[1.4px] border-ink-3',
  missing: 'size-[7px] rounded-[2px] border-[1.4px] border-dashed border-accent',
  cannot: 'size-1.5 rotate-45 bg-bad',
  invalid: 'size-1.5 rotate-45 border-[1.4px] border-bad',
  absent: 'size-1.5 rounded-[2px] border-[1.4px] border-ink-3',
  unread: 'size-1.5 rounded-[2px] border-[1.4px] border-ink-3',
}

/** What became of an index of the guide. */
export function StateChip({ state }: { state: State }) {
  return (
    <span
      className={classes(
        'inline-flex h-[18px] items-center gap-[5px] rounded-chip align-middle text-[11.5px] font-medium whitespace-nowrap',
        CHIP[state],
      )}
    >
      <i aria-hidden className={classes('shrink-0', MARK[state])} />
      {STATE_LABEL[state]}
    </span>
  )
}
