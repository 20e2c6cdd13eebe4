import type { Row } from '../server/define-read'
import { qualified } from '../server/identifiers'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { statementWithoutSecrets } from '../server/secrets/without-secrets'
import type { Target } from '../server/target'
import { dropIndexSql, reindexIndexSql } from './index-statements'
import { scriptOf, undoOf } from './index-undo'
import { indexDefinitions } from './reads/index-definitions'
import { indexNodes } from './reads/index-nodes'

/** rebuild: REINDEX; drop: DROP INDEX; undo: what would bring the dropped ones back. */
export type IndexScriptKind = 'rebuild' | 'drop' | 'undo'

type Named = Row<typeof indexDefinitions>

/** The statement, or why there is none, as it stands after the name of the index. */
type Written = { sql: string } | { refused: string }

const STATEMENT: Record<Exclude<IndexScriptKind, 'undo'>, (index: Named) => Written> = {
  rebuild: (index) =>
    index.schemaname === 'pg_toast' && !index.indisvalid
      ? { refused: 'is an invalid index of a TOAST table, which PostgreSQL does not rebuild' }
      : { sql: reindexIndexSql({ ...index, exclusion: index.indisexclusion }) },
  drop: (index) => {
    const { schemaname, conname, isattached, indisvalid } = index
    if (conname !== null) return { refused: `backs the constraint ${conname}: ALTER TABLE … DROP CONSTRAINT removes both` }
    if (isattached) return { refused: 'is attached to the index of a partitioned table: only that can be dropped' }
    if (schemaname === 'pg_catalog' || (schemaname === 'pg_toast' && indisvalid))
      return { refused: "is a part of the server's own catalog" }
    return { sql: dropIndexSql({ ...index, partitioned: index.relkind === 'I' }) }
  },
}

type Script = { sql: string; statements: number }

/**
 * SQL to take along, one statement a line; what has none stands there as a comment. The console does not run it. Errors: invalid_input
 * when none of the indexes is there any more or can be written, lock_not_available when a definition cannot be read for a lock; as runRead.
 */
export async function indexScript(target: Target, kind: IndexScriptKind, indexrelids: number[]): Promise<Result<Script>> {
  if (kind === 'undo') return undoScript(target, indexrelids)
  const read = await runRead(target, indexDefinitions, { indexrelids })
  if (!read.ok) return read
  if (read.value.length === 0) return NONE_LEFT
  const lines: string[] = []
  const refused: string[] = []
  for (const index of read.value) {
    const written = STATEMENT[kind](index)
    const { schemaname, indexrelname } = index
    if ('sql' in written) lines.push(written.sql)
    else refused.push(`${qualified(schemaname, indexrelname)} ${written.refused}`)
  }
  if (lines.length === 0) return failed('invalid_input', refused.join('; '))
  // A name may hold a line break, which would end the comment.
  const comments = refused.map((why) => `-- Left out: ${why.replaceAll(/\s/g, ' ')}`)
  return ok({ sql: [...comments, ...lines].join('\n'), statements: lines.length })
}

const NONE_LEFT = failed('invalid_input', 'None of these indexes is there any more')

/** What brings all of them back as they are now. One that is attached below another of them comes with that. */
async function undoScript(target: Target, indexrelids: number[]): Promise<Result<Script>> {
  const read = await runRead(target, indexNodes, { indexrelids })
  if (!read.ok) return read
  if (read.value.length === 0) return NONE_LEFT
  const below = new Set(read.value.filter(({ depth }) => depth > 0).map(({ indexrelid }) => indexrelid))
  const trees = Map.groupBy(read.value, ({ root }) => root)
  const statements: string[] = []
  for (const [root, nodes] of trees) {
    if (below.has(root)) continue
    const undo = undoOf(nodes)
    if (undo) statements.push(...undo)
    else return failed('lock_not_available', `The definition of ${nodes[0]?.relname} cannot be read: ${nodes[0]?.skipped}`)
  }
  return ok({ sql: statementWithoutSecrets(scriptOf(statements)), statements: statements.length })
}
