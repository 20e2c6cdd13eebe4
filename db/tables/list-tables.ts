import { z } from 'zod'
import type { RelationFinding } from '../checks/define-check'
import { databaseSize } from '../databases/reads/database-size'
import { statisticsWindow } from '../databases/reads/statistics-window'
import { TABLE_SHOWS, TABLE_SORTS } from '../domain/table-params'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { catalogsBloated } from './checks/table-bloated'
import { tableBloatEstimate } from './reads/table-bloat-estimate'
import { tableStatistics } from './reads/table-statistics'
import { autovacuumSettings } from './reads/tables'
import { withBloat } from './table-bloat'
import { readTableFindings, type TableFinding } from './table-health'
import { dueRatio, hotShare, type TableUsage, usageOf } from './table-usage'

/** What a page asks for, as its address holds it. */
export const listTablesParams = z.object({
  /** act: wants somebody. due: autovacuum's turn. views: materialized views. partitions: each by itself, which else show through their root. */
  show: z.enum(TABLE_SHOWS).default('all'),
  /** Part of schema.name, in any case. */
  q: z.string().max(200).default(''),
  sort: z.enum(TABLE_SORTS).default('need'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(500).default(60),
})

type Params = z.output<typeof listTablesParams>

/** Of all tables, whatever the filter. A partitioned table counts as one. */
export interface TableSummary {
  total: number
  views: number
  partitions: number
  bytes: number
  indexBytes: number
  /** pg_database_size: tables and indexes of the system catalogs too; null where it could not be read. */
  databaseBytes: number | null
  live: string
  dead: string
  /** Tables that want somebody, and those that are autovacuum's turn. */
  act: number
  due: number
  /** Tables whose dead rows a snapshot keeps from VACUUM, and whose. */
  held: { tables: number; dead: string; by: string } | null
  /** The highest age(relfrozenxid). */
  oldest: { relname: string; xidAge: number; freezeAt: number } | null
  /** Tables that a lock hides. */
  skipped: { relname: string; why: string }[]
  /** The largest three that want somebody. */
  worst: TableFinding[]
  /** System catalogs, and their TOAST tables, of which a rewrite gives back so much that it is worth it; the largest gain first. */
  catalogs: RelationFinding[]
  /** The server's settings autovacuum and track_counts. */
  autovacuum: boolean
  /** Since when dead rows and times count. */
  statsReset: string | null
  statsSince: string
}

export interface TableList {
  rows: (TableFinding & { usage: TableUsage | null })[]
  /** Rows of the filter, on all pages. */
  total: number
  summary: TableSummary
}

/** One page of the tables of a database, filtered and sorted. Errors: those of the three reads. */
export async function listTables(target: Target, params: z.input<typeof listTablesParams>): Promise<Result<TableList>> {
  const asked = listTablesParams.parse(params)
  const [read, bloat, settings, window, whole, statistics] = await Promise.all([
    readTableFindings(target),
    runRead(target, tableBloatEstimate, {}), // without it the rest of the list stands
    runRead(target, autovacuumSettings, {}),
    runRead(target, statisticsWindow, {}),
    runRead(target, databaseSize, {}),
    runRead(target, { ...tableStatistics, keep: 2_000 }, {}), // nor that
  ])
  if (!read.ok) return read
  if (!settings.ok) return settings
  if (!window.ok) return window
  const findings = bloat.ok ? withBloat(read.value, bloat.value) : read.value
  const usage = usageOf(findings, statistics.ok ? statistics.value : [])
  const found = sorted(
    matching(findings, asked).map((finding) => ({ ...finding, usage: usage.get(finding.relid) ?? null })),
    asked,
  )
  const [on] = settings.value
  const [since] = window.value
  const summary: TableSummary = {
    ...summarise(findings),
    databaseBytes: whole.ok ? (whole.value[0]?.bytes ?? null) : null,
    catalogs: bloat.ok ? catalogsBloated(bloat.value) : [],
    autovacuum: Boolean(on?.autovacuum && on.track_counts),
    statsReset: since?.stats_reset ?? null,
    statsSince: since?.stats_since ?? new Date(0).toISOString(),
  }
  return ok({ rows: found.slice(asked.offset, asked.offset + asked.limit), total: found.length, summary })
}

const wantsAct = ({ needs }: TableFinding): boolean => needs.some(({ act }) => act)
const isDue = (finding: TableFinding): boolean => finding.needs.some(({ heldBy }) => heldBy === undefined) && !wantsAct(finding)
/** Its VACUUM waits for a snapshot to go. */
const isHeld = (finding: TableFinding): boolean => finding.needs.some(({ heldBy }) => heldBy !== undefined)

function matching(findings: TableFinding[], { show, q }: Params): TableFinding[] {
  const text = q.trim().toLowerCase()
  return findings.filter(
    (finding) =>
      (show === 'partitions') === (finding.kind === 'partition') &&
      (show !== 'act' || wantsAct(finding)) &&
      (show !== 'due' || isDue(finding)) &&
      (show !== 'views' || finding.kind === 'materialized view') &&
      (text === '' || `${finding.schemaname}.${finding.relname}`.toLowerCase().includes(text)),
  )
}

const size = ({ bytes, indexBytes }: TableFinding): number => (bytes ?? 0) + (indexBytes ?? 0)

const later = (a: string | null, b: string | null): string | null => (a !== null && (b === null || a > b) ? a : b)

type Listed = TableList['rows'][number]

const KEYS: Record<Params['sort'], (finding: Listed) => number | string | bigint | null> = {
  need: (finding) => (wantsAct(finding) ? 3 : isHeld(finding) ? 2 : isDue(finding) ? 1 : 0),
  name: ({ schemaname, relname }) => `${relname} ${schemaname}`,
  size,
  live: ({ live }) => BigInt(live),
  dead: ({ dead }) => BigInt(dead),
  share: ({ deadShare }) => deadShare,
  vacuum: ({ lastVacuum, lastAutovacuum }) => later(lastVacuum, lastAutovacuum),
  analyze: ({ lastAnalyze, lastAutoanalyze }) => later(lastAnalyze, lastAutoanalyze),
  age: ({ xidAge }) => xidAge,
  seq: ({ usage }) => (usage ? BigInt(usage.seqScan) : null),
  read: ({ usage }) => (usage ? BigInt(usage.seqRead) + BigInt(usage.idxFetched) : null),
  idx: ({ usage }) => (usage ? BigInt(usage.idxScan) : null),
  hot: ({ usage }) => hotShare(usage),
  modified: ({ modified }) => BigInt(modified),
  due: (finding) => dueRatio(finding),
}

/** null is less than all: never vacuumed stands before long ago. Equal ones go by size, so that no refresh moves a row. */
function sorted(findings: Listed[], { sort, dir }: Params): Listed[] {
  const sign = dir === 'asc' ? 1 : -1
  const keyed = findings.map((finding) => ({ finding, key: KEYS[sort](finding) }))
  keyed.sort((a, b) => {
    if (a.key === b.key) return size(b.finding) - size(a.finding) || a.finding.relid - b.finding.relid
    if (a.key === null || b.key === null) return a.key === null ? -sign : sign
    return a.key < b.key ? -sign : sign
  })
  return keyed.map(({ finding }) => finding)
}

function heldOf(tables: TableFinding[]): TableSummary['held'] {
  const [by] = tables.flatMap(({ needs }) => needs.flatMap(({ heldBy }) => heldBy ?? []))
  if (by === undefined) return null
  return { tables: tables.length, dead: tables.reduce((sum, { dead }) => sum + BigInt(dead), 0n).toString(), by }
}

function summarise(findings: TableFinding[]) {
  const roots = findings.filter(({ kind }) => kind !== 'partition')
  const total = (of: (finding: TableFinding) => number | null) => roots.reduce((sum, finding) => sum + (of(finding) ?? 0), 0)
  const count = (of: (finding: TableFinding) => string) => roots.reduce((sum, finding) => sum + BigInt(of(finding)), 0n).toString()
  const held = roots.filter(isHeld)
  const worst = roots.filter(wantsAct).sort((a, b) => size(b) - size(a))
  const oldest = roots.reduce<TableFinding | null>((most, one) => ((one.xidAge ?? -1) > (most?.xidAge ?? -1) ? one : most), null)
  return {
    total: roots.length,
    views: roots.filter(({ kind }) => kind === 'materialized view').length,
    partitions: findings.length - roots.length,
    bytes: total(({ bytes }) => bytes),
    indexBytes: total(({ indexBytes }) => indexBytes),
    live: count(({ live }) => live),
    dead: count(({ dead }) => dead),
    act: worst.length,
    due: roots.filter(isDue).length,
    held: heldOf(held),
    oldest: oldest && { relname: oldest.relname, xidAge: oldest.xidAge ?? 0, freezeAt: oldest.freezeAt },
    skipped: findings.flatMap(({ relname, skipped, kind }) => (skipped && kind !== 'partitioned table' ? [{ relname, why: skipped }] : [])),
    worst: worst.slice(0, 3),
  }
}
