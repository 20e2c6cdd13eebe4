import type { ReactNode } from 'react'

/** A heading inside a drawer or a dialog's column. */
export function SectionTitle({ children, sub, aside }: { children: ReactNode; sub?: ReactNode; aside?: ReactNode }) {
  return (
    <h3 className="mt-4 mb-1.5 flex flex-wrap items-center gap-2 text-cell font-semibold first:mt-0">
      {children}
      {sub && <span className="font-normal text-ink-3">{sub}</span>}
      {aside && <span className="ml-auto flex items-center gap-3 text-[11.5px] font-normal text-ink-2">{aside}</span>}
    </h3>
  )
}
