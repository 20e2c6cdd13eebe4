import { targetOf } from '@/app/place'
import { readKey } from '@/db/domain/statement-key'
import { findStatement } from '@/db/history/find-statement'
import { textOf } from '@/db/history/statement-detail'
import { statementExamples } from '@/db/history/statement-words'
import { failed, ok, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'

export interface Asked {
  query: string
  /** The same with its constants, as it was seen last. */
  example: string | null
  rolname: string
  target: Target
}

/** What stands behind a key, and where it is explained. Errors: as targetOf and textOf; invalid_input for a key that is none and a text that is cut. */
export async function textAsked(of: { server: string; key: string; rolname: string; datname: string }): Promise<Result<Asked>> {
  const key = readKey(of.key)
  if (!key) return failed('invalid_input', 'No statement has this key')
  const target = await targetOf({ server: of.server, database: of.datname })
  if (!target.ok) return target
  const text = await textOf(target.value, key, await findStatement(of.server, key))
  if (!text.ok) return text
  if (text.value.cut) return failed('invalid_input', 'Its text is longer than what is kept of it')
  const [example] = await statementExamples(of.server, key.queryid, key.dbid)
  return ok({ query: text.value.query, example: example?.query ?? null, rolname: of.rolname, target: target.value })
}
