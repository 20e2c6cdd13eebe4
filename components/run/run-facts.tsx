import type { ReactNode } from 'react'

/** Names and values of a run, a hairline between them. */
export const RunFacts = ({ children }: { children: ReactNode }) => <dl className="text-cell">{children}</dl>

/** `below`: a sentence, which stands under its name. */
export function RunFact({ name, below, children }: { name: string; below?: boolean; children: ReactNode }) {
  if (below) {
    return (
      <div className="border-t border-grid py-1 first:border-t-0">
        <dt className="text-ink-3">{name}</dt>
        <dd className="text-pretty [overflow-wrap:anywhere]">{children}</dd>
      </div>
    )
  }
  return (
    <div className="flex justify-between gap-3 border-t border-grid py-1 first:border-t-0">
      <dt className="shrink-0 text-ink-3">{name}</dt>
      <dd className="min-w-0 text-right text-pretty [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
