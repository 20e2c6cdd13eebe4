import { parseSql } from '../../server/parse-sql'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { guardExplain } from '../../statements/explain-guard'
import { explainObjects } from '../../statements/reads/explain-objects'

/** What a query executes that is not PostgreSQL's, as sentences. */
interface ReachedCode {
  /** Code of others: whoever wrote it would do it with our rights. */
  others: string[]
  /** Our own, or a superuser's, that nobody can look through. */
  opaque: string[]
}

/**
 * What keeps a query from being run as `role` without another thought. Whoever owns a table decides what is executed when it is read: functions in
 * indexes and checks, operators, views, rules. Names without a schema are those of pg_catalog. Errors: as the read's.
 */
export async function reachedCode(target: Target, query: string, role: string): Promise<Result<ReachedCode>> {
  const parsed = await parseSql(query)
  if (!parsed.ok) return parsed
  const [statement] = parsed.value
  if (!statement) return ok({ others: [], opaque: [] })
  const lookUp = (names: unknown[]) => runRead(target, explainObjects, { names: JSON.stringify(names) })
  const guard = await guardExplain(statement, lookUp, { path: [], role })
  if (!guard.ok) return guard
  const { refused, opaque } = guard.value
  return ok({ others: refused.filter((why) => !opaque.includes(why)), opaque })
}
