import type { Before } from '../commands/define-command'
import { indexGrowth } from '../indexes/reads/index-growth'
import { baselineDetail } from '../indexes/size-baseline'
import type { RebuiltIndex } from '../runs/run-known'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'

/**
 * The indexes that are no b-tree and that a run has just built, with what makes their size a baseline: the one of the name that it
 * worked on, or those of the table that it worked on, where they lie in other files than before. Without the read: none, and the next
 * sample sees the new files.
 */
export async function builtIndexes(target: Target, { object, files }: Before): Promise<RebuiltIndex[]> {
  const growth = await runRead(target, indexGrowth, {})
  if (!growth.ok) return []
  const former = new Set(files.map(({ relfilenode }) => relfilenode))
  return growth.value.flatMap((index) => {
    const { indexrelid, relfilenode, bytes } = index
    const isIt = index.schemaname === object.schemaname && index.indexrelname === object.relname
    const detail = baselineDetail(index)
    if ((!isIt && index.relid !== object.oid) || former.has(relfilenode) || bytes === null || detail === null) return []
    return [{ indexrelid, relfilenode, bytes, detail }]
  })
}
