import type { ChainState } from '@/db/console/audit-chain'
import { exactCount, plural } from '../format'
import { clock } from '../format-time'
import { Badge } from '../ui/badge'

/** Whether every line of the audit fits the one before it: who tampers with the console database breaks the chain. */
export function ChainLine({ state }: { state: ChainState }) {
  const checked = `checked ${clock(state.checkedAt)} UTC`
  if (!state.unbroken) {
    return (
      <p className="mb-3 flex items-baseline gap-2" role="alert">
        <Badge tone="bad">Chain broken</Badge>
        <span>
          At entry <a href={`#entry-${state.id}`}>#{state.id}</a>: {state.why}. {exactCount(state.entries)} before it fit, {checked}.
          Somebody changed the console database past its triggers.
        </span>
      </p>
    )
  }
  return (
    <p className="mb-3 flex flex-wrap items-baseline gap-2 text-cell text-ink-2">
      <Badge tone="ok">Chain unbroken</Badge>
      <span>
        {plural(state.entries, 'entry', 'entries')}, {checked}. Newest hash{' '}
        <code title={state.head} className="text-ink-3">
          {state.head.slice(0, 12)}
        </code>
      </span>
    </p>
  )
}
