import type { TimeMark } from '@/db/history/events'
import type { Row } from '@/db/server/define-read'
import type { Activity } from '@/db/sessions/activity'
import type { sessionDetail } from '@/db/sessions/reads/sessions'
import type { TimeBuckets } from '../charts/time-axis'

/** What the sessions do now, and from when on that is told as a finding. */
export type ActivityAnswer = Activity & {
  limits: { longSeconds: number; idleSeconds: number; nearShare: number }
  /** Since when the samples have seen a holder of the horizon, by kind and name (ISO 8601); where the server does not tell. */
  seenSince: Record<string, string>
}

export type Session = Activity['sessions'][number]

export type SessionDetail = Row<typeof sessionDetail>

/** Values a bucket; null where nothing was sampled. */
type Values = (number | null)[]

/** What the samples say of a time range. */
export interface ActivityHistory {
  buckets: TimeBuckets
  /** When the history began, where that is within the range that was asked for: the buckets begin there. In ms, else null. */
  since: number | null
  /** Active sessions by what they waited for, the most first. */
  waits: { label: string; values: Values }[]
  connections: { active: Values; idleInTransaction: Values; idle: Values; other: Values }
  /** Null before anything was sampled. */
  maxConnections: number | null
  peak: number
  /** What happened meanwhile: changed settings, runs, restarts. */
  marks: TimeMark[]
}
