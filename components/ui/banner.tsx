import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './class-names'

const TONES = {
  bad: { box: 'border-bad-line bg-bad-soft', mark: 'text-bad' },
  warn: { box: 'border-warn-line bg-warn-soft', mark: 'text-warn' },
}

interface BannerProps {
  tone: keyof typeof TONES
  /** What it is about, for screen readers. */
  label: string
  /** Told to screen readers when it appears or changes. */
  live?: boolean
  /** A button beside the text. */
  action?: ReactNode
  children: ReactNode
}

/** What holds for the whole page: the fact in bold, then what it means. */
export function Banner({ tone, label, live = false, action, children }: BannerProps) {
  const { box, mark } = TONES[tone]
  return (
    <section
      aria-label={label}
      role={live ? 'status' : undefined}
      className={classes('mb-4 flex flex-wrap items-start gap-2.5 rounded-control border px-3 py-2.5 text-cell', box)}
    >
      <TriangleAlert aria-hidden className={classes('mt-px size-4 shrink-0', mark)} />
      <p className="min-w-0 flex-1 basis-72 [overflow-wrap:anywhere]">{children}</p>
      {action}
    </section>
  )
}
