import type { StoredMeasurement } from '../indexes/index-measurement'
import { freshSize, type Growth } from '../indexes/size-baseline'

/** An index as it is seen at a look, valid or not. */
interface SeenIndex {
  indexrelid: number
  relid: number
  relfilenode: number
  indisvalid: boolean
  table_changes: string
}

/** The files of indexes as they were last seen, and how often the rows of each table had been changed by then. */
export interface KnownFiles {
  /** By indexrelid. */
  indexes: Map<number, { relfilenode: number; reltablespace: number }>
  /** By relid; of every table that has an index. */
  changes: Map<number, number>
  /** The files that are being built, by fileKey: the changes of the table at the look before the first that saw it; null: there was none. */
  building: Map<string, number | null>
}

const fileKey = ({ indexrelid, relfilenode }: { indexrelid: number; relfilenode: number }): string => `${indexrelid} ${relfilenode}`

/** What a look saw. A CONCURRENTLY build is seen before it is valid, and its file keeps OID and name on disk when it becomes so. */
export const filesOf = (growth: Growth[], indexes: SeenIndex[], former?: KnownFiles): KnownFiles => ({
  indexes: new Map(growth.map(({ indexrelid, relfilenode, reltablespace }) => [indexrelid, { relfilenode, reltablespace }])),
  changes: new Map(indexes.map(({ relid, table_changes }) => [relid, Number(table_changes)])),
  building: new Map(indexes.filter(({ indisvalid }) => !indisvalid).map((index) => [fileKey(index), begunAt(index, former)])),
})

function begunAt(index: SeenIndex, former: KnownFiles | undefined): number | null {
  if (!former) return null
  return former.building.get(fileKey(index)) ?? (former.building.has(fileKey(index)) ? null : (former.changes.get(index.relid) ?? 0))
}

/**
 * The indexes that were built, or rebuilt, between two looks, as measurements that make a baseline: not those whose table changed much
 * since before the build was seen to begin (freshSize); nor one that is in another tablespace, since ALTER INDEX … SET TABLESPACE copies
 * the file as it is.
 */
export function learnSizes(known: KnownFiles | undefined, growth: Growth[], at: Date): StoredMeasurement[] {
  if (!known) return []
  return growth.flatMap((index) => {
    const { indexrelid, relfilenode, reltablespace } = index
    const former = known.indexes.get(indexrelid)
    if (former && (former.relfilenode === relfilenode || former.reltablespace !== reltablespace)) return []
    const begun = known.building.get(fileKey(index))
    const fresh = begun === null ? null : freshSize(index, begun ?? known.changes.get(index.relid) ?? 0)
    if (!fresh) return []
    return [{ indexrelid, relfilenode, measuredAt: at.toISOString(), method: 'rebuild' as const, rebuiltBytes: fresh.bytes, ...fresh }]
  })
}
