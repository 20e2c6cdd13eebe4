import { indexDefinitions } from '../reads/index-definitions'
import type { Row } from '../target/define-read'
import { qualified } from '../target/identifiers'
import { failed, ok, type Result } from '../target/problem'
import { runRead } from '../target/run-read'
import type { Target } from '../target/target'

/** rebuild: REINDEX; drop: DROP INDEX; undo: what would bring the dropped ones back. */
export type IndexScriptKind = 'rebuild' | 'drop' | 'undo'

type Named = Row<typeof indexDefinitions>

/**
 * A concurrent form exists for a plain index only: DROP INDEX CONCURRENTLY refuses a partitioned one, and
 * CREATE INDEX CONCURRENTLY a partitioned table (manual, DROP INDEX and CREATE INDEX).
 */
const concurrently = ({ partitioned }: Pick<Named, 'partitioned'>): string => (partitioned ? '' : 'CONCURRENTLY ')

export const dropStatement = (index: Pick<Named, 'schemaname' | 'indexrelname' | 'partitioned'>): string =>
  `DROP INDEX ${concurrently(index)}${qualified(index.schemaname, index.indexrelname)};`

/** The definition as it stands in the catalog, built without blocking writes. */
export const undoStatement = (definition: string, partitioned: boolean): string =>
  `${definition.replace(/^CREATE (UNIQUE )?INDEX /, (start) => `${start}${concurrently({ partitioned })}`)};`

const STATEMENT: Record<IndexScriptKind, (index: Named) => string | null> = {
  rebuild: ({ schemaname, indexrelname }) => `REINDEX INDEX CONCURRENTLY ${qualified(schemaname, indexrelname)};`,
  drop: dropStatement,
  undo: ({ definition, partitioned }) => (definition === null ? null : undoStatement(definition, partitioned)),
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
