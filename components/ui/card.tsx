import type { ReactNode } from 'react'
import { classes } from './class-names'

/** A surface with a hairline. */
export function Card({ children, className, label }: { children: ReactNode; className?: string; label?: string }) {
  const look = classes('min-w-0 rounded-card border border-line bg-surface shadow-card', className)
  return label ? (
    <section aria-label={label} className={look}>
      {children}
    </section>
  ) : (
    <div className={look}>{children}</div>
  )
}

/** A card's heading: title, what it counts in, and what stands at the right (a legend, a link). */
export function CardHeader({ title, sub, children }: { title: ReactNode; sub?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1 px-4 pt-[11px]">
      <h2 className="text-body font-semibold tracking-[-.005em]">{title}</h2>
      {sub && <span className="text-label text-ink-3">{sub}</span>}
      {children && <div className="ml-auto flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-[11.5px] text-ink-2">{children}</div>}
    </div>
  )
}

/** One entry of a legend. */
export function Legend({ mark, children }: { mark: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex max-w-full items-center gap-[5px]">
      <span className="flex shrink-0">{mark}</span>
      <span className="truncate">{children}</span>
    </span>
  )
}

/** One card of hairline cells: label, then value with its context on one baseline. Compact: where a list below is what counts. */
export function KpiStrip({ children, className, compact }: { children: ReactNode; className?: string; compact?: boolean }) {
  return (
    <Card className={classes('grid overflow-hidden', className)}>
      <dl className="contents" data-compact={compact || undefined}>
        {children}
      </dl>
    </Card>
  )
}

export function Kpi({ label, value, context, mark }: { label: ReactNode; value: ReactNode; context?: ReactNode; mark?: ReactNode }) {
  return (
    <div className="-mt-px -ml-px min-w-0 border-t border-l border-line px-4 pt-[11px] pb-3 in-data-compact:pt-[7px] in-data-compact:pb-2 max-sm:px-3.5 max-sm:py-2.5">
      <dt className="flex items-center gap-1.5 text-label whitespace-nowrap text-ink-3 max-sm:flex-wrap">
        {label}
        {mark}
      </dt>
      <dd className="mt-0.5 flex flex-wrap items-baseline gap-x-1 text-kpi font-semibold tracking-[-.02em] whitespace-nowrap in-data-compact:mt-0 in-data-compact:text-[17px]/[23px]">
        {value}
        {context && (
          <span className="min-w-0 text-body font-normal max-sm:whitespace-normal tracking-normal text-ink-3 in-data-compact:text-cell">
            {context}
          </span>
        )}
      </dd>
    </div>
  )
}
