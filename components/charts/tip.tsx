import type { CSSProperties, ReactNode } from 'react'
import { classes } from '../ui/class-names'

/** What a chart says where it is pointed at. */
export const Tip = ({ className, style, children }: { className?: string; style?: CSSProperties; children: ReactNode }) => (
  <span
    aria-hidden
    className={classes(
      'pointer-events-none z-10 grid gap-0.5 rounded-control border border-line bg-surface px-2.5 py-1.5 text-label text-ink-2 shadow-float',
      className,
    )}
    style={style}
  >
    {children}
  </span>
)
