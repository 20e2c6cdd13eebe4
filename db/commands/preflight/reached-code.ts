import { parseSql } from '../../server/parse-sql'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { guardExplain } from '../../statements/explain-guard'
import { explainObjects } from '../../statements/reads/explain-objects'

/**
 * Why a query must not be run as `role`: code of others that it would execute, as sentences; empty where there is none. Whoever owns a table decides what is
 * executed when it is read: functions in indexes and checks, operators, views, rules. Names without a schema are those of pg_catalog.
 */
export async function untrustedCode(target: Target, query: string, role: string): Promise<Result<string[]>> {
  const parsed = await parseSql(query)
  if (!parsed.ok) return parsed
  const [statement] = parsed.value
  if (!statement) return ok([])
  const lookUp = (names: unknown[]) => runRead(target, explainObjects, { names: JSON.stringify(names) })
  const guard = await guardExplain(statement, lookUp, { path: [], role })
  return guard.ok ? ok(guard.value.refused) : guard
}
