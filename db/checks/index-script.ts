import { indexDefinitions } from '../reads/index-definitions'
import type { Row } from '../server/define-read'
import { qualified } from '../server/identifiers'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { undoDdl } from './index-undo'

/** rebuild: REINDEX; drop: DROP INDEX; undo: what would bring the dropped ones back. */
export type IndexScriptKind = 'rebuild' | 'drop' | 'undo'

type Named = Row<typeof indexDefinitions>

/** DROP INDEX CONCURRENTLY refuses a partitioned index (manual, DROP INDEX). */
export const dropStatement = ({ schemaname, indexrelname, relkind }: Pick<Named, 'schemaname' | 'indexrelname' | 'relkind'>): string =>
  `DROP INDEX ${relkind === 'I' ? '' : 'CONCURRENTLY '}${qualified(schemaname, indexrelname)};`

const STATEMENT: Record<IndexScriptKind, (index: Named) => string | null> = {
  rebuild: ({ schemaname, indexrelname }) => `REINDEX INDEX CONCURRENTLY ${qualified(schemaname, indexrelname)};`,
  drop: dropStatement,
  undo: undoDdl,
}

/**
 * SQL to take along, one statement a line. The console does not run it. Errors: invalid_input when none of the
 * indexes is there any more, lock_not_available when a definition cannot be read for a lock; as runRead.
 */
export async function indexScript(
  target: Target,
  kind: IndexScriptKind,
  indexrelids: number[],
): Promise<Result<{ sql: string; statements: number }>> {
  const read = await runRead(target, indexDefinitions, { indexrelids })
  if (!read.ok) return read
  if (read.value.length === 0) return failed('invalid_input', 'None of these indexes is there any more')
  const statements = read.value.map(STATEMENT[kind])
  const told = statements.filter((statement) => statement !== null)
  if (told.length < statements.length) {
    const locked = read.value.find((_, at) => statements[at] === null)?.indexrelname
    return failed('lock_not_available', `The definition of ${locked} cannot be read: it or its table is under an AccessExclusiveLock`)
  }
  return ok({ sql: told.join('\n'), statements: told.length })
}
