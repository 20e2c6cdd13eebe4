'use client'
import { Plus } from 'lucide-react'
import type { RelationFinding } from '@/db/checks/define-check'
import type { CommandRequest } from '@/db/domain/command-request'
import { plural } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { Button, TextButton } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'

/** Indexes that are proposed, worst first. */
export interface MissingIndexes {
  findings: RelationFinding[]
  /** On all pages. */
  total: number
}

export const MISSING_INDEXES = 'missing-indexes'

interface MissingProps {
  answer: LiveAnswer<MissingIndexes> | undefined
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  onAll: () => void
}

/** Foreign keys that no index serves, each with the index that would. */
export function MissingCard({ answer, mayRun, onAsk, onAll }: MissingProps) {
  if (answer && !answer.ok) return <ProblemPanel title="No proposals of new indexes" problem={answer.problem} className="mt-4" />
  if (!answer || answer.value.total === 0) return null
  const { findings, total } = answer.value
  return (
    <Card label="Foreign keys without an index" className="mt-4 pb-1">
      <CardHeader title="Foreign keys without an index" sub={plural(total, 'proposal', 'proposals')}>
        {total > findings.length && <TextButton onClick={onAll}>All {total}…</TextButton>}
      </CardHeader>
      <Proposals findings={findings} mayRun={mayRun} onAsk={onAsk} className="px-4 pt-1.5" />
    </Card>
  )
}

interface ProposalsProps {
  findings: RelationFinding[]
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  className?: string
}

/** Why an index is proposed, and the way to its confirmation. */
export function Proposals({ findings, mayRun, onAsk, className }: ProposalsProps) {
  return (
    <ul className={className}>
      {findings.map(({ title, evidence, mend }) => (
        <li
          key={title}
          className="flex items-center gap-4 border-t border-grid py-2 text-cell first:border-t-0 max-sm:flex-col max-sm:items-start max-sm:gap-2"
        >
          <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <p className="font-medium">{title}</p>
            <p className="text-ink-3">{evidence}</p>
          </div>
          {mend && (
            <Button
              size="sm"
              disabled={!mayRun}
              title={mayRun ? undefined : 'A viewer runs nothing'}
              aria-label={`Create index: ${title}`}
              onClick={() => onAsk(mend)}
            >
              <Plus aria-hidden />
              Create index…
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
