import type { Problem } from '@/db/server/problem'

/** What "Run health check" said the last time, as far as the page shows it. */
export interface LastCheck {
  /** ISO 8601. */
  startedAt: string
  durationMs: number
  requestedBy: string
  /** Rows of monitor_index_health() and of check_index_bloat(). */
  indexHealth: number
  indexBloat: number
  problems: Problem[]
}
