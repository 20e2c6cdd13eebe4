import { z } from 'zod'
import { listedId } from '../domain/listed-row'
import { ok, type Problem, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { type IndexChart, indexChart } from './index-chart'
import type { IndexFinding, IndexSummary, UnusedEvidence } from './index-finding'
import { indexHealth, type PartProblem } from './index-health'
import type { StoredMeasurement } from './index-measurement'
import type { IndexPast } from './index-past'
import { type MissingIndex, missingIndexes } from './missing-indexes'

/** A row of the list: an index, or one that a foreign key lacks. */
export type ListedIndex = IndexFinding | MissingIndex
export type ListedVerdict = ListedIndex['verdict']

const LISTED_VERDICTS = [
  'bloated',
  'unused',
  'redundant',
  'invalid',
  'missing',
  'not-scanned',
  'constraint',
  'healthy',
] as const satisfies ListedVerdict[]
export const INDEX_SORTS = ['name', 'table', 'verdict', 'size', 'bloat', 'reclaim', 'scans', 'share', 'last'] as const

/** What a page asks for, as its address holds it. */
export const listIndexesParams = z.object({
  verdict: z.enum(LISTED_VERDICTS).nullable().default(null),
  /** Part of the name of an index or its table, in any case. */
  q: z.string().max(200).default(''),
  /** These alone, by indexrelid, or by the id of a missing one; null: all. */
  ids: z.array(z.int()).max(500).nullable().default(null),
  sort: z.enum(INDEX_SORTS).default('reclaim'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(500).default(60),
})

export interface IndexList {
  rows: ListedIndex[]
  /** Rows of the filter, on all pages. */
  total: number
  /** How many the text leaves of each verdict. */
  counts: Record<ListedVerdict | 'all', number>
  /** How many foreign keys ask for an index that is not there, whatever the filter; null where that could not be read. */
  missing: number | null
  /** Of all indexes that there are, whatever the filter. */
  summary: IndexSummary
  /** Of all indexes; only with the first page. */
  chart: IndexChart | null
  unused: UnusedEvidence
  problems: (PartProblem | { part: 'missing indexes'; problem: Problem })[]
}

/** One page of the indexes of a database, filtered and sorted. Errors: as indexHealth. */
export async function listIndexes(
  target: Target,
  params: z.input<typeof listIndexesParams>,
  measurements: StoredMeasurement[],
  past?: IndexPast,
): Promise<Result<IndexList>> {
  const { verdict, q, ids, sort, dir, offset, limit } = listIndexesParams.parse(params)
  const [health, missing] = await Promise.all([indexHealth(target, measurements, past), missingIndexes(target)])
  if (!health.ok) return health
  const { findings, summary, unused } = health.value
  const problems: IndexList['problems'] = [...health.value.problems]
  if (!missing.ok) problems.push({ part: 'missing indexes', problem: missing.problem })
  const listed: ListedIndex[] = missing.ok ? [...findings, ...missing.value] : findings
  const wanted = ids && new Set(ids)
  const found = matching(wanted ? listed.filter((row) => wanted.has(listedId(row))) : listed, q)
  const counts = { bloated: 0, unused: 0, redundant: 0, invalid: 0, missing: 0, 'not-scanned': 0, constraint: 0, healthy: 0 }
  for (const row of found) counts[row.verdict] += 1
  const ofVerdict = verdict === null ? found : found.filter((row) => row.verdict === verdict)
  return ok({
    rows: sorted(ofVerdict, sort, dir).slice(offset, offset + limit),
    total: ofVerdict.length,
    counts: { ...counts, all: found.length },
    missing: missing.ok ? missing.value.length : null,
    summary,
    chart: offset === 0 && !wanted ? indexChart(findings) : null,
    unused,
    problems,
  })
}

const tableOf = (row: ListedIndex): string => (row.verdict === 'missing' ? row.finding.relname : row.relname)
const nameOf = (row: ListedIndex): string => (row.verdict === 'missing' ? row.columns.join(', ') : row.indexrelname)

function matching(rows: ListedIndex[], q: string): ListedIndex[] {
  const text = q.trim().toLowerCase()
  if (text === '') return rows
  return rows.filter((row) => `${nameOf(row)}\n${tableOf(row)}`.toLowerCase().includes(text))
}

type Sort = (typeof INDEX_SORTS)[number]
type Key = (row: IndexFinding) => string | number | bigint | null

const KEYS: Record<Exclude<Sort, 'name' | 'table' | 'verdict'>, Key> = {
  size: ({ bytes }) => bytes,
  bloat: ({ bloatRatio }) => bloatRatio,
  reclaim: ({ reclaimBytes }) => reclaimBytes,
  scans: ({ idxScan }) => BigInt(idxScan),
  share: ({ tableShare }) => tableShare,
  last: ({ lastIdxScan }) => lastIdxScan,
}

/** One that is missing gives no byte back, but asks for something: it stands before those that do not. */
const MISSING_RECLAIM = 0.5

function keyOf(row: ListedIndex, sort: Sort): ReturnType<Key> {
  if (sort === 'name') return nameOf(row)
  if (sort === 'table') return tableOf(row)
  if (sort === 'verdict') return LISTED_VERDICTS.indexOf(row.verdict)
  if (row.verdict === 'missing') return sort === 'reclaim' ? MISSING_RECLAIM : null
  return KEYS[sort](row)
}

/** What decides between equal keys: the size, of a missing one that of what its key's check reads. */
const weightOf = (row: ListedIndex): number => (row.verdict === 'missing' ? row.readBytes : row.bytes) ?? 0

/** Unknown values stand last in either direction; equal ones go by size, then by name, so that no refresh moves a row. */
function sorted(rows: ListedIndex[], sort: Sort, dir: 'asc' | 'desc'): ListedIndex[] {
  const sign = dir === 'asc' ? 1 : -1
  const keyed = rows.map((row) => ({ row, key: keyOf(row, sort) }))
  keyed.sort((a, b) => {
    if (a.key !== b.key) {
      if (a.key === null) return 1
      if (b.key === null) return -1
      return a.key < b.key ? -sign : sign
    }
    return weightOf(b.row) - weightOf(a.row) || byName(a.row, b.row)
  })
  return keyed.map(({ row }) => row)
}

const byName = (a: ListedIndex, b: ListedIndex): number =>
  nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : listedId(a) - listedId(b)
