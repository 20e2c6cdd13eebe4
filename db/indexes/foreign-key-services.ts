import { ok, type Result } from '../server/problem'
import { forgetRead, runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type Candidate, candidatesOf, type Service, servicesOf } from './foreign-key-service'
import { foreignKeyColumns } from './reads/foreign-key-columns'
import { foreignKeyIndexes } from './reads/foreign-key-indexes'

export interface ForeignKeyServices {
  candidates: Candidate[]
  services: Service[]
}

/** What was decided already, by the answers it rests on: the same answers give the same object. */
const decided = new WeakMap<object, { statistics: unknown; value: ForeignKeyServices }>()

/**
 * Which index serves which foreign key of the database. Distinct values are asked only where some key has several columns; where they
 * may not be read they are unknown. `fresh`: asked anew, for whoever is about to change something. Errors: the problem of the read
 * foreign-key-indexes.
 */
export async function foreignKeyServices(target: Target, { fresh = false } = {}): Promise<Result<ForeignKeyServices>> {
  if (fresh) forgetRead(target, foreignKeyIndexes, {})
  const rows = await runRead(target, foreignKeyIndexes, {})
  if (!rows.ok) return rows
  const statistics = rows.value.some(({ conkey }) => conkey.length > 1) ? await runRead(target, foreignKeyColumns, {}) : null
  const known = decided.get(rows)
  if (known && known.statistics === statistics) return ok(known.value)
  const candidates = candidatesOf(rows.value)
  const value = { candidates, services: servicesOf(candidates, statistics?.ok ? statistics.value : []) }
  decided.set(rows, { statistics, value })
  return ok(value)
}
