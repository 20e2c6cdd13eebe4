import type { TimeMark } from '@/db/history/events'
import type { TimeEvent } from '../charts/time-axis'

/** What interrupts nothing, or was asked for. */
const PLAIN = new Set<TimeMark['kind']>(['run', 'setting', 'statistics reset', 'statements reset', 'upgrade'])

/** What happened to a server, as a time axis marks it; a run leads to its page. */
export const eventsOf = (marks: readonly TimeMark[]): TimeEvent[] =>
  marks.map(({ at, kind, label, runId }) => ({
    at,
    label: kind === 'run' ? `run: ${label}` : kind === 'setting' ? label : kind === label ? kind : `${kind}: ${label}`,
    tone: PLAIN.has(kind) ? 'plain' : 'warn',
    ...(runId && { href: `/runs/${runId}` }),
  }))
