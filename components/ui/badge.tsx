import type { ReactNode } from 'react'
import { classes } from './class-names'

export type BadgeTone = 'plain' | 'ok' | 'run' | 'warn' | 'bad'

const TONE: Record<BadgeTone, string> = {
  plain: 'border-line-2 text-ink-2',
  ok: 'border-transparent bg-ok-soft text-ok',
  run: 'border-transparent bg-accent-soft text-accent',
  warn: 'border-warn-line bg-warn-soft text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
}

/** A few words in a frame: a state, an option. */
export function Badge({ tone = 'plain', children, className }: { tone?: BadgeTone; children: ReactNode; className?: string }) {
  return (
    <span
      className={classes(
        'inline-block rounded-chip border px-[5px] text-[11px] leading-4 font-medium whitespace-nowrap',
        TONE[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

/** A key on the keyboard. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classes(
        'rounded-chip border border-line-2 bg-surface px-1 font-mono text-[10.5px] leading-4 font-medium whitespace-nowrap text-ink-3',
        className,
      )}
    >
      {children}
    </kbd>
  )
}
