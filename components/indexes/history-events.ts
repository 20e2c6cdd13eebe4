import type { TimeMark } from '@/db/history/events'
import type { TimeEvent } from '../charts/time-axis'

/** Runs, restarts and resets as a chart marks them; a run leads to its page. */
export const historyEvents = (marks: TimeMark[]): TimeEvent[] =>
  marks.map(({ at, kind, label, runId }) => ({
    at,
    label: kind === 'run' ? `Run ${runId}: ${label}` : label,
    tone: kind === 'run' ? 'plain' : 'warn',
    ...(runId && { href: `/runs/${runId}` }),
  }))
