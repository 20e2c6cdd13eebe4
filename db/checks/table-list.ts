import { z } from 'zod'
import type { TableFinding } from './table-health'

/** What the list may be asked for; it all stands in the page's address. */
export const tableQuery = z.object({
  show: z.enum(['all', 'act', 'due', 'partitions']).default('all'),
  search: z.string().max(200).default(''),
  sort: z.enum(['relname', 'bytes', 'live', 'dead', 'deadShare', 'lastVacuum', 'lastAnalyze', 'xidAge', 'need']).default('need'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).default(0),
})

export type TableQuery = z.output<typeof tableQuery>

export const TABLES_PER_PAGE = 100

export interface TableSummary {
  /** Tables, with a partitioned table as one. */
  total: number
  partitions: number
  bytes: number
  indexBytes: number
  live: string
  dead: string
  /** Tables that want somebody, and those that are autovacuum's turn. */
  act: number
  due: number
  /** The highest age(relfrozenxid) of a table here. */
  oldest: { relname: string; xidAge: number; freezeAt: number } | null
  skipped: { relname: string; why: string }[]
  /** The ones that want somebody, largest first; three at most. */
  worst: TableFinding[]
}

export interface TablePage {
  summary: TableSummary
  /** How many the filter lets through. */
  matching: number
  rows: TableFinding[]
}

export const wantsAct = ({ needs }: TableFinding): boolean => needs.some(({ act }) => act)
export const isDue = (finding: TableFinding): boolean => finding.needs.length > 0 && !wantsAct(finding)

/** Sums up, filters, sorts and cuts out one page. */
export function tablePage(findings: TableFinding[], query: TableQuery): TablePage {
  const wanted = query.search.trim().toLowerCase()
  const matching = findings.filter(
    (finding) =>
      (query.show === 'partitions') === (finding.kind === 'partition') &&
      (query.show !== 'act' || wantsAct(finding)) &&
      (query.show !== 'due' || isDue(finding)) &&
      (wanted === '' || `${finding.schemaname}.${finding.relname}`.toLowerCase().includes(wanted)),
  )
  const direction = query.dir === 'asc' ? 1 : -1
  const value = VALUES[query.sort]
  const sorted = matching.sort((a, b) => compare(value(a), value(b)) * direction || size(b) - size(a) || a.relid - b.relid)
  return {
    summary: summarise(findings),
    matching: matching.length,
    rows: sorted.slice(query.offset, query.offset + TABLES_PER_PAGE),
  }
}

const size = ({ bytes, indexBytes }: TableFinding): number => (bytes ?? 0) + (indexBytes ?? 0)

const later = (a: string | null, b: string | null): string | null => (a !== null && (b === null || a > b) ? a : b)

const VALUES: Record<TableQuery['sort'], (finding: TableFinding) => number | string | null> = {
  relname: ({ schemaname, relname }) => `${relname} ${schemaname}`,
  bytes: ({ bytes }) => bytes,
  live: ({ live }) => Number(live),
  dead: ({ dead }) => Number(dead),
  deadShare: ({ deadShare }) => deadShare,
  lastVacuum: ({ lastVacuum, lastAutovacuum }) => later(lastVacuum, lastAutovacuum),
  lastAnalyze: ({ lastAnalyze, lastAutoanalyze }) => later(lastAnalyze, lastAutoanalyze),
  xidAge: ({ xidAge }) => xidAge,
  need: (finding) => (wantsAct(finding) ? 2 : isDue(finding) ? 1 : 0),
}

/** null is less than everything: never vacuumed comes before long ago. */
function compare(a: number | string | null, b: number | string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

function summarise(findings: TableFinding[]): TableSummary {
  const tables = findings.filter(({ kind }) => kind !== 'partition')
  const aged = tables.filter(({ xidAge }) => xidAge !== null).sort((a, b) => (b.xidAge ?? 0) - (a.xidAge ?? 0))[0]
  const worst = tables.filter(wantsAct).sort((a, b) => size(b) - size(a))
  return {
    total: tables.length,
    partitions: findings.length - tables.length,
    bytes: tables.reduce((total, { bytes }) => total + (bytes ?? 0), 0),
    indexBytes: tables.reduce((total, { indexBytes }) => total + (indexBytes ?? 0), 0),
    live: tables.reduce((total, { live }) => total + BigInt(live), 0n).toString(),
    dead: tables.reduce((total, { dead }) => total + BigInt(dead), 0n).toString(),
    act: worst.length,
    due: tables.filter(isDue).length,
    oldest: aged ? { relname: aged.relname, xidAge: aged.xidAge ?? 0, freezeAt: aged.freezeAt } : null,
    skipped: findings
      .flatMap(({ relname, skipped, kind }) => (skipped && kind !== 'partitioned table' ? [{ relname, why: skipped }] : []))
      .slice(0, 5),
    worst: worst.slice(0, 3),
  }
}
