import type { Before } from '../commands/define-command'
import { partsOf } from '../commands/definition/parts'
import { readDefinition } from '../commands/facts/index-definition'
import { loadTable } from '../commands/facts/load'
import { formatOutOfReach, outOfReach } from '../commands/search-path/out-of-reach'
import type { Run } from '../runs/run-types'
import type { Problem } from '../server/problem'
import type { Target } from '../server/target'

/** undefined_function, undefined_table, undefined_object (types, operators), undefined_column (manual, appendix A). */
const NOT_FOUND = new Set(['42883', '42P01', '42704', '42703'])

/**
 * A run's failure with its cause, where a function of an index or a view did not find what it names: the same statement works in the
 * application's sessions, and never in a run. Else the problem as it is.
 */
export async function withCause(run: Run, target: Target, before: Before, problem: Problem): Promise<Problem> {
  if (!NOT_FOUND.has(problem.sqlstate ?? '')) return problem
  const table = await loadTable(target, before.object.relid, 'nothing')
  if (!table.ok) return problem
  const relations = [before.object.relid, ...table.value.facts.indexes.map(({ indexrelid }) => indexrelid)]
  const found = await outOfReach(target, relations, await calledBy(run))
  if (!found.ok || found.value.length === 0) return problem
  const hint = `${found.value.map(formatOutOfReach).join('. ')}. Maintenance looks names up in pg_catalog alone: trying again fails the same way until the function has a search_path of its own.`
  return { ...problem, hint, fix: found.value.map(({ fix }) => fix).join('; ') }
}

/** Functions of a definition that was to be built. */
async function calledBy({ input }: Run): Promise<{ nspname: string; name: string }[]> {
  if (typeof input.definition !== 'string') return []
  const wanted = await readDefinition(input.definition, true)
  return wanted.ok ? partsOf(wanted.value.tree).calls.flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])) : []
}
