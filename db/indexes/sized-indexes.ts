import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type KeysOfIndex, keysOfIndexes, type Service } from './foreign-key-service'
import { foreignKeyServices } from './foreign-key-services'
import { forgetEstimates, type IndexEstimate, indexEstimates } from './index-estimates'
import type { InvalidSight } from './look-invalid'
import { lookInvalid } from './look-invalid'
import { indexHealth } from './reads/index-health'
import { indexSizes } from './reads/index-sizes'
import { redundantPairs } from './reads/redundant-pairs'
import { type Pair, type Redundancies, redundancies } from './redundancy'
import { doubtOf, type StandIn } from './redundancy-sentences'

type Index = Row<typeof indexHealth>

/** A row of index-health with its foreign keys and what else is known of the index. */
export interface SizedIndex extends Index, KeysOfIndex, Omit<InvalidSight, 'bytes'> {
  /** null for a partitioned index and behind an AccessExclusiveLock. */
  bytes: number | null
  /** The index that stays, where this one is redundant. */
  redundant_with: number | null
  redundant_kind: 'duplicate' | 'prefix' | null
  /** Not redundant, yet another index could stand in for it; the doubt about that is a clause. */
  stand_in: StandIn | null
  /** Indexes that it must stay for if they go: it stands in for them. */
  stands_in_for: { indexrelid: number; indexrelname: string }[]
}

interface SizedIndexes {
  indexes: SizedIndex[]
  estimates: Result<IndexEstimate[]>
  /** The read that gave the sizes, or its problem: all sizes are then null. */
  sizes: Result<{ indexrelid: number; bytes: number | null }[]>
}

/** What was put together already, by the answer of index-health: the same answers give the same array. */
const together = new WeakMap<object, { from: unknown[]; value: SizedIndexes }>()

/**
 * Every user index with its size and its estimate. The sizes are those that the estimate rests on; without an estimate
 * they are read by themselves. Errors: the problem of the reads index-health, foreign-key-indexes and redundant-pairs.
 */
export async function sizedIndexes(target: Target): Promise<Result<SizedIndexes>> {
  const [rows, keys, pairs, kept] = await Promise.all([
    runRead(target, indexHealth, {}),
    foreignKeyServices(target),
    runRead(target, redundantPairs, {}),
    indexEstimates(target),
  ])
  if (!rows.ok) return rows
  // Nothing may be proposed while it is not known what serves a key, and what stands for what.
  if (!keys.ok) return keys
  if (!pairs.ok) return pairs
  const sights = await lookInvalid(target, rows.value)
  if (!sights.ok) return sights
  const estimates = await asNewAs(rows, kept, target)
  const sizes = estimates.ok ? estimates : await runRead(target, indexSizes, {})
  const known = together.get(rows)
  const from = [sizes, keys.value, pairs, sights.value]
  if (known?.from.every((part, at) => part === from[at])) return ok(known.value)
  const bytes = new Map(sizes.ok ? sizes.value.map((row) => [row.indexrelid, row.bytes]) : [])
  const found = redundancies(pairs.value)
  const served = keysServed(rows.value, found.redundant, keys.value.services)
  const indexes = rows.value.map((row) => ({
    ...row,
    ...(served.get(row.indexrelid) ?? { foreign_keys: null, sole_for: null }),
    bytes: bytes.get(row.indexrelid) ?? sights.value.get(row.indexrelid)?.bytes ?? null,
    atWork: sights.value.get(row.indexrelid)?.atWork ?? null,
    invalid: sights.value.get(row.indexrelid)?.invalid ?? null,
    ...redundancyOf(row.indexrelid, found),
  }))
  const value = { indexes, estimates, sizes }
  together.set(rows, { from, value })
  return ok(value)
}

function redundancyOf(
  indexrelid: number,
  { redundant, doubtful, standsInFor }: Redundancies,
): Pick<SizedIndex, 'redundant_with' | 'redundant_kind' | 'stand_in' | 'stands_in_for'> {
  const [pair, other] = [redundant.get(indexrelid), doubtful.get(indexrelid)]
  return {
    redundant_with: pair?.kept ?? null,
    redundant_kind: pair ? (pair.kind === 'duplicate' ? 'duplicate' : 'prefix') : null,
    stand_in: other
      ? { indexrelid: other.kept, indexrelname: other.kept_name, doubt: doubtOf(other), likely: other.doubts.length > 0 }
      : null,
    stands_in_for: (standsInFor.get(indexrelid) ?? []).map(({ indexrelid, indexrelname }) => ({ indexrelid, indexrelname })),
  }
}

/** Kept for a key is what stays anyway: not redundant, then needed otherwise, then used; of the rest the oldest. */
function keysServed(indexes: Index[], redundant: Map<number, Pair>, services: Service[]): Map<number, KeysOfIndex> {
  const scanned = new Set(indexes.filter(({ idx_scan }) => idx_scan !== '0').map(({ indexrelid, indexroot }) => indexroot ?? indexrelid))
  const ranks = new Map(
    indexes.map(({ indexrelid, conname, referenced, indisreplident, indisunique }) => [
      indexrelid,
      [!redundant.has(indexrelid), conname !== null || referenced || indisreplident || indisunique, scanned.has(indexrelid)],
    ]),
  )
  return keysOfIndexes(services, (one, other) => {
    const [mine, theirs] = [ranks.get(one) ?? [], ranks.get(other) ?? []]
    const at = mine.findIndex((rank, place) => rank !== theirs[place])
    return at === -1 ? one - other : Number(theirs[at] ?? false) - Number(mine[at])
  })
}

/** Their indexes are in the rows where they are invalid, and never in the estimate. */
const SYSTEM = new Set(['pg_toast', 'pg_catalog', 'information_schema'])

/** The answers of index-health for which a newer estimate was asked: once is enough. */
const renewed = new WeakSet<object>()

/**
 * The estimate is kept longer than the rows. An index that only the rows know was made or rebuilt since (REINDEX
 * CONCURRENTLY gives it a new oid): then the estimate is made anew.
 */
async function asNewAs(
  rows: { value: Row<typeof indexHealth>[] },
  estimates: Result<IndexEstimate[]>,
  target: Target,
): Promise<Result<IndexEstimate[]>> {
  if (!estimates.ok || renewed.has(rows)) return estimates
  const known = new Set(estimates.value.map(({ indexrelid }) => indexrelid))
  if (rows.value.every(({ indexrelid, relkind, schemaname }) => relkind === 'I' || known.has(indexrelid) || SYSTEM.has(schemaname)))
    return estimates
  renewed.add(rows)
  forgetEstimates(target)
  return indexEstimates(target)
}
