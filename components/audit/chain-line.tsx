import type { ChainRange, ChainState } from '@/db/console/audit-chain'
import { exactCount, plural } from '../format'
import { clock } from '../format-time'
import { Badge } from '../ui/badge'

/** Whether every line of the audit fits the one before it, and carries the console's key: who tampers with its database breaks the chain. */
export function ChainLine({ state }: { state: ChainState }) {
  const checked = `checked ${clock(state.checkedAt)} UTC`
  if (!state.unbroken) {
    return (
      <p className="mb-3 flex items-baseline gap-2" role="alert">
        <Badge tone="bad">Chain broken</Badge>
        <span>
          At entry <a href={`#entry-${state.id}`}>#{state.id}</a>: {state.why}. {exactCount(state.entries)} before it fit, {checked}. If you
          restored an older state of the console database yourself, remove <code>audit-heads.json</code> from the data folder.
        </span>
      </p>
    )
  }
  const sealed = state.entries === 0 || state.ranges.at(-1)?.by === 'keyed'
  return (
    <div className="mb-3 flex flex-wrap items-baseline gap-2 text-cell text-ink-2">
      <Badge tone={sealed ? 'ok' : 'warn'}>{sealed ? 'Chain unbroken' : 'Not under the current key'}</Badge>
      <p className="flex-1">
        {plural(state.entries, 'entry', 'entries')}, {checked}. Newest hash{' '}
        <code className="text-ink-3 [overflow-wrap:anywhere]">{state.head}</code>: keep it elsewhere, because entries that are cut off at
        the end show only against it. {state.ranges.map((range) => WORDS[range.by](range)).join(' ')}
      </p>
    </div>
  )
}

const those = ({ from, to, entries }: ChainRange): string => (entries === 1 ? `Entry #${from}` : `Entries #${from} to #${to}`)

const WORDS: Record<ChainRange['by'], (range: ChainRange) => string> = {
  keyed: () => '',
  unkeyed: (range) => `${those(range)}: written before entries had a key; covered by the entry after.`,
  'other key': (range) =>
    `${those(range)}: written under a former PROCTOR_SECRET, so their key can no longer be checked; covered by the entry after.`,
  'not checked': (range) => `${those(range)}: their key was not checked.`,
}
