import { z } from 'zod'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { type IndexChart, indexChart } from './index-chart'
import type { IndexFinding, IndexSummary, IndexVerdict, UnusedEvidence } from './index-finding'
import { indexHealth, type PartProblem } from './index-health'
import type { StoredMeasurement } from './index-measurement'
import type { IndexPast } from './index-past'

const INDEX_VERDICTS = [
  'bloated',
  'unused',
  'redundant',
  'invalid',
  'not-scanned',
  'constraint',
  'healthy',
] as const satisfies IndexVerdict[]
export const INDEX_SORTS = ['name', 'table', 'verdict', 'size', 'bloat', 'reclaim', 'scans', 'share', 'last'] as const

/** What a page asks for, as its address holds it. */
export const listIndexesParams = z.object({
  verdict: z.enum(INDEX_VERDICTS).nullable().default(null),
  /** Part of the name of an index or its table, in any case. */
  q: z.string().max(200).default(''),
  /** These alone, by indexrelid; null: all. */
  ids: z.array(z.int().nonnegative()).max(500).nullable().default(null),
  sort: z.enum(INDEX_SORTS).default('reclaim'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(500).default(60),
})

export interface IndexList {
  rows: IndexFinding[]
  /** Rows of the filter, on all pages. */
  total: number
  /** How many the text leaves of each verdict. */
  counts: Record<IndexVerdict | 'all', number>
  /** Of all indexes, whatever the filter. */
  summary: IndexSummary
  /** Of all indexes; only with the first page. */
  chart: IndexChart | null
  unused: UnusedEvidence
  problems: PartProblem[]
}

/** One page of the indexes of a database, filtered and sorted. Errors: as indexHealth. */
export async function listIndexes(
  target: Target,
  params: z.input<typeof listIndexesParams>,
  measurements: StoredMeasurement[],
  past?: IndexPast,
): Promise<Result<IndexList>> {
  const { verdict, q, ids, sort, dir, offset, limit } = listIndexesParams.parse(params)
  const health = await indexHealth(target, measurements, past)
  if (!health.ok) return health
  const { findings, summary, unused, problems } = health.value
  const wanted = ids && new Set(ids)
  const found = matching(wanted ? findings.filter(({ indexrelid }) => wanted.has(indexrelid)) : findings, q)
  const counts = { all: found.length, bloated: 0, unused: 0, redundant: 0, invalid: 0, 'not-scanned': 0, constraint: 0, healthy: 0 }
  for (const finding of found) counts[finding.verdict] += 1
  const ofVerdict = verdict === null ? found : found.filter((finding) => finding.verdict === verdict)
  const rows = sorted(ofVerdict, sort, dir).slice(offset, offset + limit)
  return ok({
    rows,
    total: ofVerdict.length,
    counts,
    summary,
    chart: offset === 0 && !wanted ? indexChart(findings) : null,
    unused,
    problems,
  })
}

function matching(findings: IndexFinding[], q: string): IndexFinding[] {
  const text = q.trim().toLowerCase()
  if (text === '') return findings
  return findings.filter(({ indexrelname, relname }) => `${indexrelname}\n${relname}`.toLowerCase().includes(text))
}

type Sort = (typeof INDEX_SORTS)[number]
type Key = (finding: IndexFinding) => string | number | bigint | null

const KEYS: Record<Sort, Key> = {
  name: ({ indexrelname }) => indexrelname,
  table: ({ relname }) => relname,
  verdict: ({ verdict }) => INDEX_VERDICTS.indexOf(verdict),
  size: ({ bytes }) => bytes,
  bloat: ({ bloatRatio }) => bloatRatio,
  reclaim: ({ reclaimBytes }) => reclaimBytes,
  scans: ({ idxScan }) => BigInt(idxScan),
  share: ({ tableShare }) => tableShare,
  last: ({ lastIdxScan }) => lastIdxScan,
}

/** Unknown values stand last in either direction; equal ones go by size, then by name, so that no refresh moves a row. */
function sorted(findings: IndexFinding[], sort: Sort, dir: 'asc' | 'desc'): IndexFinding[] {
  const sign = dir === 'asc' ? 1 : -1
  const keyed = findings.map((finding) => ({ finding, key: KEYS[sort](finding) }))
  keyed.sort((a, b) => {
    if (a.key !== b.key) {
      if (a.key === null) return 1
      if (b.key === null) return -1
      return a.key < b.key ? -sign : sign
    }
    return (b.finding.bytes ?? 0) - (a.finding.bytes ?? 0) || byName(a.finding, b.finding)
  })
  return keyed.map(({ finding }) => finding)
}

const byName = (a: IndexFinding, b: IndexFinding): number =>
  a.indexrelname < b.indexrelname ? -1 : a.indexrelname > b.indexrelname ? 1 : a.indexrelid - b.indexrelid
