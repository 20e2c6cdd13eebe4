import type { Finding } from '../checks/define-check'
import type { FleetShow } from '../domain/fleet-params'
import type { Problem } from '../server/problem'

/** Whether a server's state is known, and if not, why. */
export type Standing = 'sampled' | 'unreachable' | 'elsewhere' | 'stale' | 'never'

export interface WorstFinding {
  title: string
  evidence: string
  severity: Finding['severity']
  /** '': the server as a whole. */
  database: string
}

/** A server of the fleet, as the worker last saw it. Moments are ISO 8601. */
export interface FleetServer {
  id: string
  name: string
  /** Its default database. */
  database: string
  tags: string[]
  /** 18.4; null while it was never sampled. */
  version: string | null
  inRecovery: boolean
  standing: Standing
  /** When it last answered. */
  sampledAt: string | null
  /** Since when it has not answered, why, and when it is tried again. */
  failing: { since: string | null; retryAt: string | null; problem: Problem | null } | null
  /** The system identifier of the cluster that its address leads to, when that is not the recorded one. */
  otherCluster: string | null
  /** Some check has looked at it. */
  checked: boolean
  /** Checks with something open that nobody has snoozed. */
  needs: { bad: number; warn: number; info: number }
  worst: WorstFinding | null
}

/** What stands in the row of a server on the page beside that; null: not known. */
export interface FleetFigures {
  /** Active sessions in the last sample. */
  active: number | null
  /** Their mean in each hour of the last day, the oldest first. */
  activeByHour: (number | null)[]
  /** Share of blocks found in shared buffers, last 10 minutes; null also where there were too few to tell. */
  hit: number | null
  /** All databases together, bytes. */
  bytes: number | null
  /** Bytes more than 30 days ago, as a share of then; null where no size is known from then. */
  growth: number | null
  /** The worst of its standbys in the last minute, as it sees them: ms, or 0 where nothing is left to replay. */
  lag: number | null
}

/** Servers with one system identifier; or one by itself. The primary first. */
export interface FleetCluster {
  key: string
  severity: Exclude<FleetShow, 'all' | 'stale'>
  members: (FleetServer & FleetFigures)[]
}

/** Sums over all servers that were sampled in the last minute, whatever the list is narrowed to. */
export interface FleetTotals {
  servers: number
  clusters: number
  standbys: number
  sampled: number
  active: number
  maxConnections: number
  /** A second. */
  transactions: number | null
  walBytes: number | null
  bytes: number | null
  lag: { ms: number; name: string } | null
}

export interface FleetAnswer {
  totals: FleetTotals
  /** Servers by what they need; stale ones are counted by their findings too. */
  counts: Record<FleetShow, number>
  /** The servers that need somebody most. */
  first: FleetServer[]
  /** Every tag and major version in use. */
  tags: string[]
  majors: number[]
  clusters: FleetCluster[]
  /** How many servers fit, all pages together. */
  found: number
  page: number
  pages: number
}
