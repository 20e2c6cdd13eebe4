'use client'
import { Plus } from 'lucide-react'
import type { RelationFinding } from '@/db/checks/define-check'
import type { CommandRequest } from '@/db/domain/command-request'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'

interface ProposalsProps {
  findings: RelationFinding[]
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  className?: string
}

/** Why an index is proposed, and the way to its confirmation. */
export function Proposals({ findings, mayRun, onAsk, className }: ProposalsProps) {
  const whyNot = useWhyNot()
  return (
    <ul className={className}>
      {findings.map(({ title, evidence, fix }) => (
        <li
          key={title}
          className="flex items-center gap-4 border-t border-grid py-2 text-cell first:border-t-0 max-sm:flex-col max-sm:items-start max-sm:gap-2"
        >
          <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <p className="font-medium">{title}</p>
            <p className="text-ink-3">{evidence}</p>
          </div>
          {fix && (
            <Button
              size="sm"
              disabled={!mayRun}
              title={mayRun ? undefined : whyNot}
              aria-label={`Create index: ${title}`}
              onClick={() => onAsk(fix)}
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
