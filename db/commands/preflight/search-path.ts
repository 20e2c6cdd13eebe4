import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { formatOutOfReach, outOfReach } from '../search-path/out-of-reach'

/** Functions that do not find in a run what they find in the application's sessions. */
export const searchPath: PreflightCheck<RelationFacts> = async (target, { object, facts }, plan) => {
  if (!plan.calls) return ok(null)
  const indexes = facts.indexes.map(({ indexrelid }) => indexrelid)
  const found = await outOfReach(target, plan.calls === 'all' ? [object.oid, ...indexes] : indexes)
  return found.ok ? searchPathLine(found.value) : found
}

/** The line of some functions; null where there are none. */
export function searchPathLine(functions: Parameters<typeof formatOutOfReach>[0][]) {
  if (functions.length === 0) return ok(null)
  const fails = functions.some(({ always }) => always)
  const fixes = functions.map(({ fix }) => `${fix};`).join(' ')
  return line(
    'search-path',
    fails ? 'stop' : 'warn',
    fails ? 'A function would not find what it calls' : 'A function may not find what it calls',
    `${functions.map(formatOutOfReach).join('. ')}. Maintenance looks names up in pg_catalog alone: in Proctor's runs, and everywhere from PostgreSQL 17 on. Trying again does not help. To fix: ${fixes}`,
  )
}
