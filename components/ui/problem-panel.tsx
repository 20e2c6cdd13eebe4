import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './class-names'
import { Sql } from './sql'

/** What a failed panel says; the shape of db/server/problem. All of it is text of a server and shown as text. */
interface ProblemOf {
  kind?: string
  message: string
  sqlstate?: string
  hint?: string
  fix?: string
}

interface ProblemPanelProps {
  problem: ProblemOf
  /** What could not be shown: Size history. */
  title?: string
  /** A Retry button. */
  action?: ReactNode
  className?: string
}

/** A panel's own problem: what, in the server's words, with SQLSTATE, and what would fix it. Its neighbours live. */
export function ProblemPanel({ problem, title, action, className }: ProblemPanelProps) {
  return (
    <div
      role="alert"
      className={classes('flex gap-2.5 rounded-control max-sm:flex-wrap border border-bad-line bg-bad-soft px-3 py-2.5', className)}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1 text-cell text-ink-2 max-sm:basis-[calc(100%-26px)]">
        {title && <p className="font-semibold text-ink">{title}</p>}
        <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">
          {problem.message}
          {problem.sqlstate && <span className="ml-2 font-mono whitespace-nowrap">SQLSTATE {problem.sqlstate}</span>}
        </p>
        {problem.hint && <p className="[overflow-wrap:anywhere]">{problem.hint}</p>}
        {problem.fix && (
          <div className="mt-2">
            <p className="mb-1">To fix it:</p>
            <Sql sql={problem.fix} />
          </div>
        )}
      </div>
      {action}
    </div>
  )
}

/** Nothing to show: says what was looked at. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="px-4 py-10 text-center">
      <p className="text-finding font-semibold">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-[64ch] text-ink-2">{children}</div>}
    </div>
  )
}
