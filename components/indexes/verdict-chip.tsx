import type { IndexVerdict } from '@/db/indexes/index-finding'
import { classes } from '../ui/class-names'
import { VERDICT_LABEL } from './verdict'

const CHIP: Record<IndexVerdict, string> = {
  bloated: 'bg-warn-soft px-1.5 text-warn',
  unused: 'bg-unused-soft px-1.5 text-unused',
  redundant: 'bg-redun-soft px-1.5 text-redun',
  invalid: 'bg-bad-soft px-1.5 text-bad',
  'not-scanned': 'pr-1.5 text-ink-2',
  constraint: 'bg-constr-soft px-1.5 text-constr',
  healthy: 'pr-1.5 text-ink-3',
}

// Square, hollow, doubled, diamond, arch, dot: the shape says it without the hue.
const MARK: Record<IndexVerdict, string> = {
  bloated: 'size-1.5 rounded-[2px] bg-warn-fill',
  unused: 'size-1.5 rounded-[2px] border-[1.4px] border-unused',
  redundant: 'size-[5px] bg-redun shadow-[2px_-2px_0_-.5px_var(--redun-fill)]',
  invalid: 'size-1.5 rotate-45 bg-bad',
  'not-scanned': 'size-1.5 rounded-[2px] border-[1.4px] border-ink-3',
  constraint: 'size-1.5 rounded-t-full rounded-b-[1px] bg-constr',
  healthy: 'size-1.5 rounded-full bg-ok-fill',
}

export function VerdictChip({ verdict }: { verdict: IndexVerdict }) {
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
