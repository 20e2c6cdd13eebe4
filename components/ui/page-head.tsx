import type { ReactNode } from 'react'

/** A page's opening: what page, the one sentence that answers "must I act?", a line of evidence, the actions. */
export function PageHead({
  eyebrow,
  title,
  children,
  actions,
}: {
  eyebrow: ReactNode
  title: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className="mb-4 flex items-start gap-6 max-sm:flex-col max-sm:gap-3">
      <div className="min-w-0">
        <p className="mb-0.5 text-label text-ink-3">{eyebrow}</p>
        <h1 className="text-verdict font-semibold tracking-[-.02em] [overflow-wrap:anywhere]">{title}</h1>
        {children && <div className="mt-0.5 max-w-[104ch] text-pretty text-ink-2">{children}</div>}
      </div>
      {actions && (
        <div className="ml-auto flex shrink-0 items-center gap-2 pt-[18px] max-sm:ml-0 max-sm:flex-wrap max-sm:pt-0">{actions}</div>
      )}
    </div>
  )
}
