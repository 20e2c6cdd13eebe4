import type { StoredMeasurement } from '../indexes/index-measurement'
import { baselineDetail, type Growth, LEAST_BYTES } from '../indexes/size-baseline'

/** The files of indexes as they were last seen, and how often the rows of each table had been changed by then. */
export interface KnownFiles {
  /** By indexrelid. */
  indexes: Map<number, { relfilenode: number; reltablespace: number }>
  /** By relid; of every table that has an index. */
  changes: Map<number, number>
}

/** By so many of its rows a table may have changed between two looks for a size to be that of a fresh index still. */
const MOST_CHANGED = 0.1
/** What an inserted row takes, against one that was there when the index was built: pages that split are left half full. */
const INSERTED = 1.5

export const filesOf = (growth: Growth[], tables: { relid: number; table_changes: string }[]): KnownFiles => ({
  indexes: new Map(growth.map(({ indexrelid, relfilenode, reltablespace }) => [indexrelid, { relfilenode, reltablespace }])),
  changes: new Map(tables.map(({ relid, table_changes }) => [relid, Number(table_changes)])),
})

/**
 * The indexes that were built, or rebuilt, between two looks, as measurements that make a baseline. Not those whose table changed much
 * meanwhile, as nobody knows whether that was before the build; nor one that is in another tablespace, since ALTER INDEX … SET
 * TABLESPACE copies the file as it is. Sizes below which nothing can be told are left out.
 */
export function learnSizes(known: KnownFiles | undefined, growth: Growth[], at: Date): StoredMeasurement[] {
  if (!known) return []
  return growth.flatMap((index) => {
    const { indexrelid, relfilenode, reltablespace, bytes, table_rows: rows } = index
    const former = known.indexes.get(indexrelid)
    if (former && (former.relfilenode === relfilenode || former.reltablespace !== reltablespace)) return []
    const changed = Number(index.table_changes) - (known.changes.get(index.relid) ?? 0)
    const detail = baselineDetail(index)
    if (detail === null || rows === null || bytes === null || bytes < LEAST_BYTES) return []
    if (changed < 0 || changed > MOST_CHANGED * rows) return []
    const plusMinus = (100 * INSERTED * changed) / Math.max(rows, 1)
    return [
      { indexrelid, relfilenode, measuredAt: at.toISOString(), method: 'rebuild' as const, bytes, rebuiltBytes: bytes, plusMinus, detail },
    ]
  })
}
