import type { Before } from '../commands/define-command'
import { indexedTables } from '../commands/facts/indexed-tables'
import { indexGrowth } from '../indexes/reads/index-growth'
import { driftOf, freshSize } from '../indexes/size-baseline'
import type { RebuiltIndex } from '../runs/run-known'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'

/**
 * The indexes that a run has just built, with sizes by which their bloat is told later: those of the tables whose indexes it writes that
 * are no b-tree and lie in files that were not there before; and `own`, a b-tree that it was asked to rebuild. None of a table that
 * changed much meanwhile, and none of a run that writes no indexes. Without the reads: none, and the next sample sees the new files.
 */
export async function builtIndexes(
  target: Target,
  { object, tables = [] }: Before,
  own?: { oid: number; relfilenode: number; bytes: number },
): Promise<RebuiltIndex[]> {
  if (tables.length === 0) return []
  const [growth, now] = await Promise.all([
    runRead(target, indexGrowth, {}),
    runRead(target, indexedTables, { relid: object.relid, indexes: [] }),
  ])
  if (!growth.ok || !now.ok) return []
  const former = new Map(tables.map((table) => [table.oid, table]))
  const built = growth.value.flatMap((index): RebuiltIndex[] => {
    const { indexrelid, relfilenode } = index
    const table = former.get(index.relid)
    if (!table || table.files.includes(relfilenode)) return []
    const fresh = freshSize(index, Number(table.changes))
    return fresh ? [{ indexrelid, relfilenode, ...fresh }] : []
  })
  const isGrown = growth.value.some(({ indexrelid }) => indexrelid === own?.oid)
  const table = now.value.find(({ oid }) => oid === object.relid)
  const then = former.get(object.relid)
  // A partitioned index has no file.
  if (!own || own.relfilenode === 0 || isGrown || !table || !then || then.files.includes(own.relfilenode)) return built
  const plusMinus = driftOf(Number(table.changes) - Number(then.changes), table.reltuples ?? 0)
  const { oid: indexrelid, relfilenode, bytes } = own
  return plusMinus === null ? built : [...built, { indexrelid, relfilenode, bytes, plusMinus, detail: {} }]
}
