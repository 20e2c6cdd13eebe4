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
    <div className="mb-4 flex flex-wrap items-start gap-x-6 max-sm:flex-col max-sm:gap-y-3">
      {/* Actions that leave it less room than this go below it. */}
      <div className="min-w-0 flex-1 basis-72 max-sm:basis-auto">
        <p className="mb-0.5 text-label text-ink-3">{eyebrow}</p>
        <h1 className="text-verdict font-semibold tracking-[-.02em] [overflow-wrap:anywhere]">{title}</h1>
        {children && <div className="mt-0.5 max-w-[104ch] text-pretty text-ink-2">{children}</div>}
      </div>
      {actions && <div className="flex max-w-full flex-wrap items-center gap-2 pt-[18px] max-sm:pt-0">{actions}</div>}
    </div>
  )
}
