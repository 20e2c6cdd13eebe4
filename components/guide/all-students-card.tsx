import { exactCount } from '../format'
import { moment } from '../format-time'
import { milliseconds } from '../statements/query-messages'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import type { RunSummary } from './workload-model'

interface AllStudentsCardProps {
  corrected: RunSummary | null
  printed: RunSummary | null
  budgetSeconds: number
  disabled: boolean
  title: string | undefined
  onRun: () => void
}

/** The query without a student: what a nightly job would ask. */
export function AllStudentsCard({ corrected, printed, budgetSeconds, disabled, title, onRun }: AllStudentsCardProps) {
  const said = (run: RunSummary | null): string => {
    if (!run) return 'not run yet'
    if (run.problem)
      return run.problem.kind === 'timeout' ? `stopped after ${budgetSeconds} s` : `${run.problem.sqlstate}: ${run.problem.message}`
    return `${milliseconds(run.ms)}, ${exactCount(run.given)} rows`
  }
  const last = corrected ?? printed
  return (
    <Card label="For all students">
      <CardHeader title="For all students" sub={last ? `run ${moment(last.at)}` : 'at once'} />
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-2.5 text-cell">
        <dt className="text-ink-2">Corrected</dt>
        <dd className="font-medium">{said(corrected)}</dd>
        <dt className="text-ink-2">As printed</dt>
        <dd className="font-medium">{said(printed)}</dd>
      </dl>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-label text-ink-2">
        <span className="min-w-0 flex-1 basis-56">
          The printed form pairs every row with every other before it looks for common courses. Both together hold a connection for up to{' '}
          {budgetSeconds * 2} s.
        </span>
        <Button disabled={disabled} title={title} onClick={onRun}>
          Run for all students
        </Button>
      </div>
    </Card>
  )
}
