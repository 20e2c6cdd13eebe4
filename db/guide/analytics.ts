import { ANALYTICS_SCHEMA, GUIDE_VIEW_NAMES, GUIDE_VIEWS, type GuideViewName } from '../domain/guide-views'
import { nameOf } from '../maintenance/policies'
import { listPolicies } from '../runs/policies'
import type { Policy } from '../runs/policy-types'
import { ageOf, type ViewAge, viewRefreshes } from '../runs/view-refreshes'
import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { materializedViews } from '../tables/reads/materialized-views'
import { type CacheModel, type GuideFiles, readCache, type ViewTimes } from './cache-model'
import type { Guide } from './find-guide'
import { GUIDE_TABLES } from './guide-shape'
import { timePartitions } from './reads/time-partitions'
import { monthsOf, type TableMonths } from './table-months'

/**
 * empty: never populated, so that reading it is an error. blocks: no unique index, so that a refresh shuts readers out. stale: older than the policy's rule.
 * unknown: no refresh is known. fresh: within the rule. unruled: an age, and no policy to hold it against.
 */
export type ViewState = 'empty' | 'blocks' | 'stale' | 'unknown' | 'fresh' | 'unruled'

export interface AnalyticsView {
  relid: number
  schemaname: string
  relname: string
  /** It is one of the guide's, as it would be created here. */
  guide: GuideViewName | null
  /** Which tables and views it reads. */
  reads: string[]
  state: ViewState
  /** Null: nobody has counted them. */
  rows: number | null
  bytes: number | null
  age: ViewAge | null
  concurrently: boolean
  skipped: string | null
  mayMaintain: boolean
  owner: string
  /** Runs of the last 30 days, the newest first. */
  refreshes: { at: number; ms: number; problem: string | null; runId: string }[]
}

export interface AnalyticsModel {
  now: number
  schema: string
  views: AnalyticsView[]
  /** Those of the guide that are not there and can be made, as all of their tables are. */
  offered: GuideViewName[]
  /** The strictest rule that refreshes views of this database. */
  policy: { minutes: number; window: string; paused: boolean } | null
  tables: TableMonths[]
  cache: CacheModel
}

const SHOWN_MS = 30 * 86_400_000
/** Both are the guide's, and grow with time. */
const BY_TIME = ['quiz_results', 'section_progress'] as const

/** Materialized views over the guide's tables, or in the schema of analytics; partitions; and whether a cache pays. Errors: as its reads. */
export async function readAnalytics(target: Target, guide: Guide, now = Date.now()): Promise<Result<AnalyticsModel>> {
  const { serverId, database } = target
  const partitioned = GUIDE_TABLES.flatMap((table) => (guide.tables[table]?.partitioned ? [guide.tables[table].relid] : []))
  const [rows, parts, refreshes, policies] = await Promise.all([
    runRead(target, materializedViews, {}),
    runRead(target, timePartitions, { relids: partitioned }),
    viewRefreshes(serverId, database),
    listPolicies(serverId, database),
  ])
  if (!rows.ok) return rows
  if (!parts.ok) return parts
  const oids = new Set(Object.values(guide.tables).map(({ relid }) => relid))
  const policy = strictest(policies)
  const views = rows.value
    .filter(({ schemaname, reads }) => schemaname === ANALYTICS_SCHEMA || reads.some(({ relid }) => oids.has(relid)))
    .map((row) => viewOf(row, refreshes.get(nameOf(row)) ?? [], policy, now))
  const here = new Set(rows.value.filter(({ schemaname }) => schemaname === ANALYTICS_SCHEMA).map(({ relname }) => relname))
  const offered = GUIDE_VIEW_NAMES.filter((name) => !here.has(name) && GUIDE_VIEWS[name].needs.every((table) => guide.tables[table]))
  const files: GuideFiles = {}
  for (const table of GUIDE_TABLES) {
    const found = guide.tables[table]
    if (found)
      files[table] = found.partitioned
        ? parts.value.filter(({ parent }) => parent === found.relid).map(({ relid }) => relid)
        : [found.relid]
  }
  const times: ViewTimes = {}
  for (const { guide: name, refreshes: runs } of views) {
    const last = runs.find(({ problem }) => problem === null)
    if (last && (name === 'course_statistics' || name === 'leaderboard')) times[name] = { refreshMs: last.ms }
  }
  const tables = BY_TIME.flatMap((table) => {
    const found = guide.tables[table]
    return found
      ? [
          monthsOf(
            found,
            parts.value.filter(({ parent }) => parent === found.relid),
            now,
          ),
        ]
      : []
  })
  const cache = await readCache(target, guide, times, files, new Date(now))
  return ok({ now, schema: guide.schema, views, offered, policy, tables, cache })
}

function strictest(policies: Policy[]): AnalyticsModel['policy'] {
  const found = policies.flatMap(({ rule, window, paused }) =>
    rule.kind === 'refresh-views' ? [{ minutes: rule.olderMinutes, window: window.words, paused: paused !== null }] : [],
  )
  return found.sort((a, b) => Number(a.paused) - Number(b.paused) || a.minutes - b.minutes)[0] ?? null
}

function viewOf(
  row: Row<typeof materializedViews>,
  runs: { runId: string; startedAt: number; endedAt: number; problem: string | null }[],
  policy: AnalyticsModel['policy'],
  now: number,
): AnalyticsView {
  const {
    relid,
    schemaname,
    relname,
    owner,
    populated,
    bytes,
    reltuples,
    refresh_index: index,
    reads,
    may_maintain: mayMaintain,
    skipped,
  } = row
  const age = ageOf(row, runs)
  const isGuides = schemaname === ANALYTICS_SCHEMA
  return {
    ...{ relid, schemaname, relname, owner, bytes, skipped, mayMaintain, age },
    guide: isGuides ? (GUIDE_VIEW_NAMES.find((name) => name === relname) ?? null) : null,
    reads: reads.map((one) => one.relname),
    state: stateOf({ populated, index, age, policy, now }),
    rows: reltuples,
    concurrently: populated && index !== null,
    refreshes: runs
      .filter(({ endedAt }) => endedAt > now - SHOWN_MS)
      .map(({ runId, startedAt, endedAt, problem }) => ({ runId, problem, at: endedAt, ms: endedAt - startedAt })),
  }
}

interface Judged {
  populated: boolean
  index: string | null
  age: ViewAge | null
  policy: AnalyticsModel['policy']
  now: number
}

/** What is worst comes first. Pure. */
export function stateOf({ populated, index, age, policy, now }: Judged): ViewState {
  if (!populated) return 'empty'
  if (index === null) return 'blocks'
  if (age === null) return 'unknown'
  if (policy === null || policy.paused) return 'unruled'
  return now - age.at > policy.minutes * 60_000 ? 'stale' : 'fresh'
}
