import type { ReactNode } from 'react'

/** Names and values in a frame: the evidence of a verdict, the facts of a run. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="rounded-control border border-line">{children}</dl>
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[128px_1fr] gap-2.5 border-t border-grid px-3 py-[5px] text-cell first:border-t-0 max-sm:grid-cols-1 max-sm:gap-0">
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 text-ink [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
