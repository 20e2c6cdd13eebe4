import type { ReactNode } from 'react'
import { classes } from './class-names'

/** A page's opening: what page, the one sentence that answers "must I act?", a line of evidence, the actions. */
export function PageHead({
  eyebrow,
  title,
  children,
  actions,
  wide,
}: {
  eyebrow: ReactNode
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
  /** The line of evidence has the whole width, below title and actions. */
  wide?: boolean
}) {
  return (
    <div className={classes('flex flex-wrap items-start gap-x-6 max-sm:flex-col max-sm:gap-y-3', wide ? 'mb-2.5 sm:-mt-2' : 'mb-4')}>
      {/* Actions that leave it less room than this go below it. */}
      <div className="min-w-0 flex-1 basis-72 max-sm:basis-auto">
        <p className="mb-0.5 text-label text-ink-3">{eyebrow}</p>
        <h1 className="text-verdict font-semibold tracking-[-.02em] [overflow-wrap:anywhere]">{title}</h1>
        {children && !wide && <div className="mt-0.5 max-w-[104ch] text-pretty text-ink-2">{children}</div>}
      </div>
      {actions && (
        <div className={classes('flex max-w-full flex-wrap items-center gap-2 pt-[18px] max-sm:pt-0', wide && 'max-sm:order-2')}>
          {actions}
        </div>
      )}
      {children && wide && <div className="mt-0.5 w-full text-pretty text-ink-2 max-sm:order-1 max-sm:mt-0">{children}</div>}
    </div>
  )
}
