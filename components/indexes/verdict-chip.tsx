import type { ListedVerdict } from '@/db/indexes/list-indexes'
import { classes } from '../ui/class-names'
import { VERDICT_LABEL } from './verdict'

const CHIP: Record<ListedVerdict, string> = {
  bloated: 'bg-warn-soft px-1.5 text-warn',
  unused: 'bg-unused-soft px-1.5 text-unused',
  redundant: 'bg-redun-soft px-1.5 text-redun',
  invalid: 'bg-bad-soft px-1.5 text-bad',
  missing: 'bg-accent-soft px-1.5 text-accent',
  'not-scanned': 'pr-1.5 text-ink-2',
  constraint: 'bg-constr-soft px-1.5 text-constr',
  healthy: 'pr-1.5 text-ink-3',
}

// Square, hollow, doubled, diamond, dashed, arch, dot: the shape says it without the hue.
const MARK: Record<ListedVerdict, string> = {
  bloated: 'size-1.5 rounded-[2px] bg-warn-fill',
  unused: 'size-1.5 rounded-[2px] border-[1.4px] border-unused',
  redundant: 'size-[5px] bg-redun shadow-[2px_-2px_0_-.5px_var(--redun-fill)]',
  invalid: 'size-1.5 rotate-45 bg-bad',
  missing: 'size-[7px] rounded-[2px] border-[1.4px] border-dashed border-accent',
  'not-scanned': 'size-1.5 rounded-[2px] border-[1.4px] border-ink-3',
  constraint: 'size-1.5 rounded-t-full rounded-b-[1px] bg-constr',
  healthy: 'size-1.5 rounded-full bg-ok-fill',
}

export function VerdictChip({ verdict }: { verdict: ListedVerdict }) {
  return (
    <span
      className={classes(
        'inline-flex h-[18px] items-center gap-[5px] rounded-chip align-top text-[11.5px] font-medium whitespace-nowrap',
        CHIP[verdict],
      )}
    >
      <i aria-hidden className={classes('shrink-0', MARK[verdict])} />
      {VERDICT_LABEL[verdict]}
    </span>
  )
}
