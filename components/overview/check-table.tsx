import type { CheckOutcome } from '@/db/checks/define-check'
import { exactCount } from '../format'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'

/** Every check with what came of it; one that could not look says why. */
export function CheckTable({ outcomes }: { outcomes: CheckOutcome[] }) {
  return (
    <Card label="Checks" className="mt-4">
      <ul>
        {outcomes.map(({ name, about, total, problem }) => (
          <li
            key={name}
            className="grid grid-cols-[220px_minmax(0,1fr)_auto] items-baseline gap-3 border-t border-grid px-4 py-1.5 text-cell first:border-t-0 max-sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <code className="[overflow-wrap:anywhere]">{name}</code>
            <span className="text-ink-2 max-sm:col-span-2 max-sm:row-start-2">
              {problem ? `${problem.message}${problem.mend ? `. To fix: ${problem.mend}` : ''}` : about}
            </span>
            <Badge tone={problem ? 'bad' : total > 0 ? 'warn' : 'ok'}>
              {problem ? 'Failed to run' : total > 0 ? exactCount(total) : 'Passed'}
            </Badge>
          </li>
        ))}
      </ul>
    </Card>
  )
}
