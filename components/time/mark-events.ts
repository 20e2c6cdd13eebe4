import type { TimeMark } from '@/db/console/history/events'
import type { TimeEvent } from '../charts/time-axis'

/** What happened to a server, as a time axis marks it; a run leads to its page. */
export const eventsOf = (marks: readonly TimeMark[]): TimeEvent[] =>
  marks.map(({ at, kind, label, runId }) => ({
    at,
    label: kind === 'run' ? `run: ${label}` : kind === 'setting' ? label : kind === label ? kind : `${kind}: ${label}`,
    tone: kind === 'restart' || kind === 'statements evicted' ? 'warn' : 'plain',
    ...(runId && { href: `/runs/${runId}` }),
  }))
