import { exactCount } from '../format'
import { clock } from '../format-time'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { isUnseen } from './overview-messages'
import type { ShownCheck } from './shown-checks'

/** Every check with what came of it and when it looked; one that could not look says why. */
export function CheckTable({ outcomes }: { outcomes: ShownCheck[] }) {
  return (
    <Card label="Checks" className="mt-4">
      <ul>
        {outcomes.map((outcome) => (
          <li
            key={outcome.name}
            className="grid grid-cols-[220px_minmax(0,1fr)_auto_auto] items-baseline gap-3 border-t border-grid px-4 py-1.5 text-cell first:border-t-0 max-sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <code className="[overflow-wrap:anywhere]">{outcome.name}</code>
            <span className="text-ink-2 max-sm:col-span-2 max-sm:row-start-2">{wordsOf(outcome)}</span>
            <span className="text-label whitespace-nowrap text-ink-3 max-sm:col-span-2 max-sm:row-start-3">
              {outcome.lookedAt ? `checked ${clock(outcome.lookedAt)}` : 'never checked'}
            </span>
            <Result outcome={outcome} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

const wordsOf = ({ about, problem }: ShownCheck): string =>
  problem ? `${problem.message}${problem.fix ? `. To fix: ${problem.fix}` : ''}` : about

function Result({ outcome }: { outcome: ShownCheck }) {
  const { problem, total } = outcome
  if (problem) return <Badge tone="bad">Failed to run</Badge>
  if (isUnseen(outcome)) return <Badge>Not run yet</Badge>
  return <Badge tone={total > 0 ? 'warn' : 'ok'}>{total > 0 ? exactCount(total) : 'Passed'}</Badge>
}
