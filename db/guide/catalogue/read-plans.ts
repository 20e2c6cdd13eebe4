import { partitionIndexes } from '../../indexes/reads/partition-indexes'
import { failed, ok, type Problem, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { explainStatement } from '../../statements/explain-statement'
import type { Guide } from '../find-guide'
import { AS_IN_PRINT, inSchema } from '../queries/guide-query'
import { GUIDE_QUERIES } from '../queries/registry'
import type { CatalogueRow } from './read-catalogue'

/** Of each of the guide's five queries the indexes that its generic plan reads. */
export type GuidePlans = {
  name: string
  label: string
  /** indexrelid of those of the catalogue; of an index of a partition, that of its root. */
  indexes: number[]
  /** Why it was not planned. */
  problem: Problem | null
}[]

/**
 * Plans the five queries, corrected, without running them: for any value of $1 (a generic plan), with the tables as they are now. A small
 * table is read whole, whatever indexes it has. A query that cannot be planned says why. Errors: as the read of partitions.
 */
export async function readGuidePlans(target: Target, guide: Guide, rows: readonly CatalogueRow[]): Promise<Result<GuidePlans>> {
  const known = await namesOf(target, rows)
  if (!known.ok) return known
  const plans: GuidePlans = []
  // One after the other: each holds a connection of its own.
  for (const { name, title, needs, corrected } of Object.values(GUIDE_QUERIES)) {
    const absent = needs.filter((table) => !guide.tables[table])
    const explained =
      absent.length > 0
        ? failed('conflict', `There is no ${absent.join(', ')} here`)
        : await explainStatement(target, { query: corrected(inSchema(guide.schema), AS_IN_PRINT), rolname: target.user, analyze: null })
    const read = explained.ok ? indexesIn(explained.value.json) : explained
    const indexes = read.ok ? [...new Set(read.value.flatMap((index) => known.value.get(index) ?? []))] : []
    plans.push({ name, label: title, indexes, problem: read.ok ? null : read.problem })
  }
  return ok(plans)
}

/** By the name that EXPLAIN prints: indexes stand in the schema of their table, and those of partitions count for their root. */
async function namesOf(target: Target, rows: readonly CatalogueRow[]): Promise<Result<Map<string, number>>> {
  const here = rows.flatMap(({ index }) => index ?? [])
  const names = new Map(here.map(({ indexrelname, indexrelid }) => [indexrelname, indexrelid]))
  const roots = here.filter(({ partitioned }) => partitioned).map(({ indexrelid }) => indexrelid)
  if (roots.length === 0) return ok(names)
  const parts = await runRead(target, partitionIndexes, { indexrelids: roots })
  if (!parts.ok) return parts
  for (const { attached, root } of parts.value) if (attached && !names.has(attached.indexrelname)) names.set(attached.indexrelname, root)
  return ok(names)
}

/** Before 16 $1 is NULL in a generic plan, for which no partition is read: what is pruned at run time is not in the plan. */
function indexesIn(json: string): Result<string[]> {
  const plan: unknown = JSON.parse(json)
  if (valuesOf('Subplans Removed', plan).some((removed) => Number(removed) > 0))
    return failed(
      'unsupported_version',
      'Which indexes of partitions it reads is told from PostgreSQL 16 on, which has EXPLAIN (GENERIC_PLAN)',
    )
  return ok(valuesOf('Index Name', plan).map(String))
}

/** Everything that a plan has under a name, however deep. */
function valuesOf(name: string, plan: unknown): unknown[] {
  if (Array.isArray(plan)) return plan.flatMap((part) => valuesOf(name, part))
  if (typeof plan !== 'object' || plan === null) return []
  return Object.entries(plan).flatMap(([key, value]) => (key === name ? [value] : valuesOf(name, value)))
}
