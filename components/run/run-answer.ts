import type { HeldUntil } from '@/db/runs/held-back'
import type { QueuePlace } from '@/db/runs/queue'
import type { Run, RunLogLine } from '@/db/runs/run-types'

/** What the page of a run shows, first rendered and then asked for again. */
export interface RunAnswer {
  run: Run
  serverName: string
  /** The server is still the cluster that it was confirmed for: what undoes it, or clears up after it, is of use there. */
  sameCluster: boolean
  log: RunLogLine[]
  /** The audit's line that says who confirmed it. */
  auditId: string | null
  /** How many runs were confirmed together with it; 1 for a run of its own. */
  batchSize: number
  /** The runs that dropped what this one left behind, by the leftover's OID. */
  dropped: Record<number, string>
  /** Where it stands while it is queued. */
  queue: QueuePlace | null
  /** The maintenance window that it was confirmed for. */
  window: HeldUntil['window']
  /** The policy that planned it: its rule in sentences, who confirmed it and when (ISO 8601). Null: a person did. */
  policy: { sentences: string[]; confirmedBy: string; confirmedAt: string } | null
  /** Whether a worker is there, to begin it or to watch it. */
  attended: boolean
}
