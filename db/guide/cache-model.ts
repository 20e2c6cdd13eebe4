import { sampledPart } from '../history/begin'
import { STATEMENT_WINDOW } from '../history/series'
import { statementTotals } from '../history/statements'
import { tableHistory } from '../history/tables'
import { COURSE_STATISTICS } from '../lms/queries/course-statistics'
import { LEADERBOARD } from '../lms/queries/leaderboard'
import { SIMILAR_COURSES } from '../lms/queries/similar-courses'
import { SIMILAR_STUDENTS } from '../lms/queries/similar-students'
import { STUDENT_DASHBOARD } from '../lms/queries/student-dashboard'
import { fingerprintOf, parseSql } from '../server/parse-sql'
import type { Target } from '../server/target'
import { type CacheVerdict, cacheVerdict } from './cache-verdict'
import type { Guide } from './find-guide'
import type { GuideTable } from './guide-shape'

/** One of the guide's five queries, as far as a cache is concerned. */
interface Cached {
  title: string
  texts: string[]
  reads: GuideTable[]
  /** The view that answers it. */
  view: 'course_statistics' | 'leaderboard' | null
  mustBeExact: boolean
  mayBeOldMinutes: number
}

const QUERIES: Cached[] = [
  {
    title: 'Course statistics',
    texts: [COURSE_STATISTICS],
    reads: ['student_progress', 'courses'],
    view: 'course_statistics',
    mustBeExact: false,
    mayBeOldMinutes: 15,
  },
  { title: 'Dashboard', texts: [STUDENT_DASHBOARD], reads: ['student_progress'], view: null, mustBeExact: true, mayBeOldMinutes: 0 },
  {
    title: 'Leaderboard',
    texts: [LEADERBOARD],
    reads: ['student_progress', 'quiz_results'],
    view: 'leaderboard',
    mustBeExact: false,
    mayBeOldMinutes: 15,
  },
  { title: 'Collaborative', texts: [SIMILAR_STUDENTS], reads: ['student_progress'], view: null, mustBeExact: false, mayBeOldMinutes: 1440 },
  {
    title: 'Content-based',
    texts: [SIMILAR_COURSES],
    reads: ['student_progress', 'courses'],
    view: null,
    mustBeExact: false,
    mayBeOldMinutes: 1440,
  },
]

export interface CacheRow {
  title: string
  inputs: string[]
  /** Null: it was not seen in the window. */
  counted: {
    calls: number
    msPerCall: number
    blocksPerCall: number
    /** Of the blocks that it asked for, 0 … 1; null: it asked for none. */
    hitShare: number | null
    changes: number
    verdict: CacheVerdict
  } | null
}

export interface CacheModel {
  /** Seconds that the history covers, of the last 24 hours. */
  seconds: number
  rows: CacheRow[]
  /** Why there are no verdicts; null: there are. */
  withheld: string | null
}

const WINDOW_MS = 86_400_000
/** Less says nothing about a day. */
const LEAST_SECONDS = 600
/** Statements whose text names the table; those with the most time first. */
const MOST_READ = 300

/** The tables that hold the rows: of a partitioned table its partitions, which have its counters. */
export type GuideFiles = Partial<Record<GuideTable, number[]>>

/** What times are known of views: of a refresh (the newest run), and of reading one. */
export type ViewTimes = Partial<Record<'course_statistics' | 'leaderboard', { refreshMs: number }>>
/** Reading a view that is some hundred rows. Measured on the sample: 0.1 to 0.5 ms. */
const READ_MS = 0.5

/**
 * Whether a cache pays for each of the five queries: what pg_stat_statements counted of it, found by its parse tree whatever its constants and
 * comments, and how often the rows that it reads changed (pg_stat_user_tables), both from the history of the last 24 hours.
 */
export async function readCache(target: Target, guide: Guide, views: ViewTimes, files: GuideFiles, now = new Date()): Promise<CacheModel> {
  const { serverId, database } = target
  const range = { from: new Date(now.getTime() - WINDOW_MS), to: now }
  const totals = await statementTotals(serverId, range, { filter: { datname: database, search: 'student_progress' }, limit: MOST_READ })
  const sampled = await sampledPart(serverId, STATEMENT_WINDOW, range)
  const seconds = totals.statements.length === 0 ? 0 : Math.max(0, (sampled.to - sampled.from) / 1000)
  const seen = new Map<string, { calls: number; ms: number; hit: number; read: number }>()
  for (const one of totals.statements) {
    const print = one.query === null || one.cut ? null : await printOf(one.query)
    if (print === null) continue
    const before = seen.get(print) ?? { calls: 0, ms: 0, hit: 0, read: 0 }
    seen.set(print, {
      calls: before.calls + one.calls,
      ms: before.ms + one.total_exec_time,
      hit: before.hit + one.shared_blks_hit,
      read: before.read + one.shared_blks_read,
    })
  }
  const changes = await changesOf(target, files, range)
  const students = Math.max(1, guide.tables.users?.reltuples ?? 1)
  const rows = await Promise.all(
    QUERIES.map(async ({ title, texts, reads, view, mustBeExact, mayBeOldMinutes }): Promise<CacheRow> => {
      const prints = await Promise.all(texts.map(printOf))
      const found = prints.flatMap((print) => (print === null ? [] : (seen.get(print) ?? [])))
      const calls = found.reduce((sum, one) => sum + one.calls, 0)
      const inputs = reads.filter((table) => guide.tables[table])
      if (calls === 0 || seconds < LEAST_SECONDS) return { title, inputs, counted: null }
      const [ms, hit, read] = (['ms', 'hit', 'read'] as const).map((key) => found.reduce((sum, one) => sum + one[key], 0)) as [
        number,
        number,
        number,
      ]
      const changed = inputs.reduce((sum, table) => sum + (changes.get(table) ?? 0), 0)
      const times = view === null ? undefined : views[view]
      const verdict = cacheVerdict({
        ...{ calls, msPerCall: ms / calls, seconds, changes: changed, mustBeExact, mayBeOldMinutes },
        answers: view === null ? students : 1,
        canBeView: view !== null,
        view: times ? { refreshMs: times.refreshMs, readMs: READ_MS } : null,
      })
      const counted = { calls, msPerCall: ms / calls, blocksPerCall: (hit + read) / calls, changes: changed, verdict }
      return { title, inputs, counted: { ...counted, hitShare: hit + read === 0 ? null : hit / (hit + read) } }
    }),
  )
  const withheld =
    seconds > 0 && seconds < LEAST_SECONDS
      ? `The history covers ${Math.floor(seconds / 60)} min; 10 min are needed.`
      : rows.every(({ counted }) => counted === null)
        ? 'None of the five queries is among the sampled statements: pg_stat_statements is missing, or nobody calls them.'
        : null
  return { seconds, rows, withheld }
}

async function changesOf(target: Target, files: GuideFiles, range: { from: Date; to: Date }): Promise<Map<GuideTable, number>> {
  const tables = [...new Set(QUERIES.flatMap(({ reads }) => reads))]
  const found = await Promise.all(
    tables.map(async (table): Promise<[GuideTable, number]> => {
      const relids = files[table] ?? []
      const { points } = await tableHistory(target.serverId, target.database, relids, range, 24)
      return [table, points.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0)]
    }),
  )
  return new Map(found)
}

/** A statement without its constants, parameters, schemas and comments. */
async function printOf(query: string): Promise<string | null> {
  const parsed = await parseSql(query)
  const [statement] = parsed.ok ? parsed.value : []
  return statement ? fingerprintOf(plain(statement.tree)) : null
}

/** What pg_stat_statements writes $n for is a constant or a parameter, maybe under a cast. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node)
  const [first] = entries
  if (first && entries.length === 1 && (first[0] === 'A_Const' || first[0] === 'ParamRef')) return { constant: true }
  return Object.fromEntries(entries.filter(([key]) => key !== 'schemaname').map(([key, value]) => [key, plain(value)]))
}
