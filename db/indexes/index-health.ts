import { databaseSize } from '../databases/reads/database-size'
import { statisticsWindow } from '../databases/reads/statistics-window'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { StatisticsWindow } from './counted-use'
import { withGrown } from './grown-estimates'
import type { IndexFinding, IndexSummary, IndexVerdict, UnusedEvidence } from './index-finding'
import type { StoredMeasurement } from './index-measurement'
import { type IndexPast, UNWATCHED } from './index-past'
import { rollUp, type WholeIndex } from './index-roll-up'
import type { IndexUse } from './index-use'
import { indexVerdict, keptFor } from './index-verdict'
import { keepOne } from './keep-one'
import { readUses } from './read-uses'
import { indexGrowth } from './reads/index-growth'
import { standInSentence } from './redundancy-sentences'
import { sizedIndexes } from './sized-indexes'

/** A part that could not be read; what rests on it says so, the rest stands. */
export interface PartProblem {
  part: 'index sizes' | 'bloat estimate' | 'statistics window' | 'database size'
  problem: Problem
}

export interface IndexHealth {
  findings: IndexFinding[]
  summary: IndexSummary
  unused: UnusedEvidence
  problems: PartProblem[]
}

/** The last answer of each database, for as long as its reads give the same rows: 30,000 verdicts are not formed twice. */
const computed = new Map<string, { from: unknown[]; health: IndexHealth }>()

/**
 * Every index of the database with its verdict, partitions rolled up to their root. `measurements` holds the
 * newest stored measurement of each index; those that no longer hold are left out. `past`: what is known of the age of
 * indexes, and the other servers of the cluster.
 * Errors: the problem of the read index-health. Another part's problem is carried in the answer.
 */
export async function indexHealth(
  target: Target,
  measurements: StoredMeasurement[],
  past: IndexPast = UNWATCHED,
): Promise<Result<IndexHealth>> {
  const [sized, growth, windows, uses, databaseSizes] = await Promise.all([
    sizedIndexes(target),
    runRead(target, indexGrowth, {}),
    runRead(target, statisticsWindow, {}),
    readUses(target, past),
    runRead(target, databaseSize, {}),
  ])
  if (!sized.ok) return sized
  const { indexes, estimates, sizes } = sized.value
  const key = JSON.stringify([target.serverId, target.database, target.user, past.unusedAfter, past.vouched])
  const stamp = measurements.map(({ indexrelid, measuredAt }) => `${indexrelid} ${measuredAt}`).join()
  // The window moves on by itself; that alone changes no verdict within the life of an answer.
  const from = [indexes, growth, databaseSizes, windows.ok, stamp, past.seen, uses.stamp]
  const last = computed.get(key)
  if (last?.from.every((part, at) => part === from[at])) return ok(last.health)

  const window = windows.ok ? (windows.value[0] ?? null) : null
  const wholes = rollUp(indexes, {
    estimates: withGrown(estimates.ok ? estimates.value : [], growth.ok ? growth.value : [], measurements),
    measurements: new Map(measurements.map((measured) => [measured.indexrelid, measured])),
    missing: estimates.ok ? 'not estimated' : `no estimate: ${estimates.problem.message}`,
  })
  const names = new Map(indexes.map((row) => [row.indexrelid, row.indexrelname]))
  const useOf = uses.judge(wholes)
  const findings = keepOne(
    wholes.map((whole) => finding(whole, names, useOf(whole))),
    new Map(indexes.map(({ indexrelid, stands_in_for }) => [indexrelid, stands_in_for])),
  )
  const summary = summarise(findings, window, databaseSizes.ok ? (databaseSizes.value[0]?.bytes ?? null) : null)
  const problems: PartProblem[] = []
  for (const part of [estimates, growth]) if (!part.ok) problems.push({ part: 'bloat estimate', problem: part.problem })
  if (!windows.ok) problems.push({ part: 'statistics window', problem: windows.problem })
  if (!sizes.ok) problems.push({ part: 'index sizes', problem: sizes.problem })
  if (!databaseSizes.ok) problems.push({ part: 'database size', problem: databaseSizes.problem })
  const candidates = findings.filter(({ unusedCandidate }) => unusedCandidate)
  const unused = {
    seconds: uses.seconds,
    after: past.unusedAfter,
    withheld: uses.withheld,
    notScanned: { count: candidates.length, bytes: candidates.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) },
  }
  const health = { findings, summary, unused, problems }
  computed.set(key, { from, health })
  return ok(health)
}

function finding(whole: WholeIndex, names: Map<number, string>, use: IndexUse): IndexFinding {
  const { index, bloat } = whole
  const partner = index.redundant_with === null ? null : (names.get(index.redundant_with) ?? null)
  const { verdict, rule, reclaimBytes, unusedWithheld } = indexVerdict(whole, partner, use)
  const candidate = use.kind === 'unproved' && unusedWithheld !== null && keptFor(whole) === null ? use : null
  return {
    indexrelid: index.indexrelid,
    schemaname: index.schemaname,
    relname: index.relname,
    relid: index.relid,
    indexrelname: index.indexrelname,
    amname: index.amname,
    bytes: whole.bytes,
    reltuples: whole.reltuples,
    verdict,
    rule: index.stand_in && verdict !== 'invalid' ? rule + standInSentence(index.stand_in) : rule,
    bloatBytes: bloat.bloatBytes,
    bloatRatio: bloat.bloatRatio,
    trust: bloat.trust,
    measuredAt: whole.measuredAt,
    reclaimBytes,
    idxScan: String(whole.idxScan),
    tableShare: whole.tableScans === 0n ? null : Number(whole.idxScan) / Number(whole.tableScans),
    unusedWithheld,
    unusedCandidate: candidate !== null,
    unusedSettles: candidate?.settles ?? null,
    unusedRemedy: candidate?.remedy ?? null,
    unusedSince: verdict === 'unused' && use.kind === 'unused' ? use.since : null,
    lastIdxScan: whole.lastIdxScan,
    isUnique: index.indisunique,
    isPrimary: index.indisprimary,
    conname: index.conname,
    invalid: verdict === 'invalid' ? whole.invalid : null,
    redundantWith:
      index.redundant_with === null || partner === null
        ? null
        : { indexrelid: index.redundant_with, indexrelname: partner, kind: index.redundant_kind ?? 'prefix' },
    standIn: index.stand_in,
    foreignKeys: index.foreign_keys ?? [],
    partitions: whole.partitions,
    partitioned: index.relkind === 'I',
    exclusion: index.indisexclusion,
    skipped: whole.skipped,
  }
}

const perVerdict = (): Record<IndexVerdict, number> => ({
  bloated: 0,
  unused: 0,
  redundant: 0,
  invalid: 0,
  'not-scanned': 0,
  constraint: 0,
  healthy: 0,
})

function summarise(findings: IndexFinding[], window: StatisticsWindow | null, databaseBytes: number | null): IndexSummary {
  const summary: IndexSummary = {
    total: findings.length,
    bytes: 0,
    databaseBytes,
    counts: perVerdict(),
    reclaim: perVerdict(),
    bloatBytes: 0,
    knownBytes: 0,
    estimated: false,
    statsReset: window?.stats_reset ?? null,
    statsSince: window?.stats_since ?? new Date().toISOString(),
    skipped: 0,
  }
  for (const { bytes, verdict, reclaimBytes, bloatBytes, trust, skipped } of findings) {
    summary.bytes += bytes ?? 0
    summary.counts[verdict] += 1
    summary.reclaim[verdict] += reclaimBytes
    if (bloatBytes !== null) {
      summary.bloatBytes += bloatBytes
      summary.knownBytes += bytes ?? 0
    }
    if (trust.kind === 'estimated') summary.estimated = true
    if (skipped !== null) summary.skipped += 1
  }
  return summary
}
