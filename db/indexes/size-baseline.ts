import { type Learned, methodName } from '../domain/learned'
import type { Row } from '../server/define-read'
import { qualified } from '../server/identifiers'
import type { Estimate } from './bloat'
import { hashPages, ROWS_OFF } from './hash-pages'
import type { StoredMeasurement } from './index-measurement'
import type { indexGrowth } from './reads/index-growth'

export type Growth = Row<typeof indexGrowth>

/** What a file held right after it was built, or would have held by an exact measurement: kept in the detail of that measurement. */
interface Baseline {
  at: string
  bytes: number
  /** Percentage points. */
  plusMinus: number
  /** Rows, or pages of the table. */
  amount: number
  reloptions: string
}

/** Below it a page more or less is what is seen; pg_index_watch learns from this size on, too. */
export const LEAST_BYTES = 128 * 1024
/** By so many of its rows a table may have changed since before a build for the size to be that of a fresh index still. */
const MOST_CHANGED = 0.1
/** What an inserted row takes, against one that was there when the index was built: pages that split are left half full. */
const INSERTED = 1.5
/** More than so many percentage points are no answer. */
export const MOST_POINTS = 15

interface Model {
  fixedPages: number
  powers: [number, number]
  error: number
}

/**
 * How large a fresh index is beside one that was built for another number of rows: pages that are always there, and the rest by a power
 * of the rows between these two; and the share by which two builds of alike rows differ. GIN holds each key once, and its posting trees
 * begin with a page: twice the rows are between 1.4 times and twice as large. The levels of an SP-GiST tree fill by turns. Seen on the shapes of size-baseline.test.ts.
 */
const MODELS: Record<string, Model> = {
  gin: { fixedPages: 2, powers: [0.5, 1], error: 0.07 },
  gist: { fixedPages: 1, powers: [0.93, 1.07], error: 0.08 },
  spgist: { fixedPages: 3, powers: [0.5, 1.5], error: 0.06 },
  brin: { fixedPages: 2, powers: [0.9, 1.05], error: 0.05 },
}

const perOf = ({ amname }: Growth): Learned['per'] => (amname === 'brin' ? 'table page' : 'row')

function amountOf(index: Growth): number | null {
  if (index.amname === 'brin') return index.table_bytes === null ? null : index.table_bytes / index.block_size
  // Buckets are laid out for the rows of the table, also where the index holds few of them (hashbuild).
  return index.amname === 'hash' ? index.table_rows : index.entries
}

/** What a measurement of this moment keeps beside its sizes, so that it can be a baseline; null where the rows are not known. */
export function baselineDetail(index: Growth): Record<string, number | string> | null {
  const amount = amountOf(index)
  return amount === null ? null : { amount, reloptions: index.reloptions, table_changes: index.table_changes }
}

/**
 * By how much a file may differ from a fresh one, in percentage points, after so many changes of its table since before it was built: nobody
 * knows whether they were before its build or after. Null: too many, or the counters were reset.
 */
export const driftOf = (changes: number, rows: number): number | null =>
  changes < 0 || changes > MOST_CHANGED * rows ? null : (100 * INSERTED * changes) / Math.max(rows, 1)

/**
 * The size of an index that is no b-tree and was built since its table had been changed `changesThen` times, as what a measurement keeps of
 * a fresh file; null where nothing can be told by it.
 */
export function freshSize(index: Growth, changesThen: number): Pick<StoredMeasurement, 'bytes' | 'plusMinus' | 'detail'> | null {
  const { bytes, table_rows: rows } = index
  const detail = baselineDetail(index)
  if (detail === null || rows === null || bytes === null || bytes < LEAST_BYTES) return null
  const plusMinus = driftOf(Number(index.table_changes) - changesThen, rows)
  return plusMinus === null ? null : { bytes, plusMinus, detail }
}

/** The baseline that a measurement gives for the file that the index has now; null where it gives none. */
function baselineOf(measured: StoredMeasurement | undefined, index: Growth): Baseline | null {
  if (!measured || measured.relfilenode !== index.relfilenode) return null
  const { amount, reloptions } = measured.detail
  if (typeof amount !== 'number' || amount <= 0) return null
  const { measuredAt: at, rebuiltBytes: bytes, plusMinus } = measured
  return { at, bytes, plusMinus, amount, reloptions: String(reloptions ?? '') }
}

/**
 * What an index that is no b-tree would weigh after REINDEX: as much per row (BRIN: per page of the table) as right after its last
 * build, where `measured` tells that of the file that it has now; withheld with the reason everywhere else: a rebuild only to learn from it
 * is not worth its load, so none is asked for. Bytes; plus_minus in percentage points of the index.
 */
export function grownEstimate(index: Growth, measured: StoredMeasurement | undefined): Estimate {
  const { bytes, amname, block_size: page } = index
  const name = methodName(amname)
  const withheld = (reason: string, fix: string | null = null): Estimate => ({
    ...{ bytes, rebuilt_bytes: null, plus_minus: null },
    ...{ withheld: reason, fix },
  })
  const model = MODELS[amname]
  if (!model && amname !== 'hash') return withheld(`${name}: how it grows is not known`)
  if (bytes === null) return withheld('AccessExclusiveLock')
  if (bytes < LEAST_BYTES) return withheld(`${name}, too small to tell`)
  const baseline = baselineOf(measured, index)
  const amount = amountOf(index)
  if (index.partial && amname === 'gin') return withheld(`${name}, partial: nobody counts its rows`)
  if (amount === null) return withheld('never analyzed', `ANALYZE ${qualified(index.schemaname, index.relname)}`)
  if (!baseline) return withheld(`${name}, no baseline until ${amname === 'hash' ? 'a measurement or ' : ''}a rebuild`)
  if (baseline.bytes < LEAST_BYTES) return withheld(`${name}, baseline too small`)
  if (baseline.reloptions !== index.reloptions && amname !== 'gin') return withheld(`${name}, storage parameters changed since`)
  const fresh = model ? freshByRows(model, index, baseline, amount) : freshHash(index, baseline, amount)
  const share = baseline.plusMinus / 100 + fresh.error
  const points = 1 + 100 * Math.min(1, fresh.bytes / bytes) * share + (100 * page) / bytes
  if (points > MOST_POINTS) return withheld(`${name}, too uncertain`)
  const learned: Learned = { at: baseline.at, bytes: baseline.bytes, amount: baseline.amount, per: perOf(index) }
  return { bytes, rebuilt_bytes: Math.round(fresh.bytes), plus_minus: points, withheld: null, fix: null, learned }
}

/** Bytes, and by what share of them they may be off. */
interface Fresh {
  bytes: number
  error: number
}

function freshByRows({ fixedPages, powers, error }: Model, { block_size: page }: Growth, baseline: Baseline, amount: number): Fresh {
  const fixed = fixedPages * page
  const [one, other] = powers.map((power) => Math.max(0, baseline.bytes - fixed) * (amount / baseline.amount) ** power) as [number, number]
  const bytes = fixed + (one + other) / 2
  return { bytes, error: error + Math.abs(one - other) / 2 / bytes }
}

/** By how much builds of alike rows differed in size-baseline.test.ts. */
const HASH_ERROR = 0.02

/**
 * Buckets come in steps, and what stood beyond them grows with the rows: overflow pages, or buckets for rows that the server saw too many
 * of when it built the index.
 */
function freshHash({ fillfactor, block_size: page }: Growth, baseline: Baseline, amount: number): Fresh {
  const overflow = Math.max(0, baseline.bytes / page - hashPages(baseline.amount, page, fillfactor)) * (amount / baseline.amount)
  const [low, pages, high] = [1 - ROWS_OFF, 1, 1 + ROWS_OFF].map((off) => hashPages(amount * off, page, fillfactor) + overflow) as [
    number,
    number,
    number,
  ]
  return { bytes: pages * page, error: HASH_ERROR + (overflow + Math.max(high - pages, pages - low)) / pages }
}
