import { changedParts, type TextPart } from '../domain/changed-parts'
import { renumbered } from '../server/edit-sql'
import { formatSql } from '../server/format-sql'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { schemasOf } from './explain-guard'
import { findHints, type Hint } from './hints/find-hints'
import type { RelationFacts } from './hints/levels'
import { searchPathOf } from './reads/explain-objects'
import { hintRelations } from './reads/hint-relations'

/** A text for reading, and what in it differs from the other. */
interface ReadableSql {
  sql: string
  changed: TextPart[]
}

/** A hint, and on which text: the statement's, or its last example's, which has its constants. */
export interface StatementHint extends Omit<Hint, 'original' | 'rewritten'> {
  of: 'statement' | 'example'
  original: ReadableSql
  /** `exact` is in one line. null: no other text is certain to mean the same. */
  rewritten: (ReadableSql & { exact: string }) | null
}

interface HintAsk {
  /** As pg_stat_statements has it. */
  query: string
  /** The same with its constants, where one was seen: some faults can only be told from them. */
  example: string | null
  /** Who sends it: names are looked up as in his sessions. */
  rolname: string
}

/**
 * The hints on a statement. Where the text of pg_stat_statements, which has lost its constants, gives one, its last example is not asked
 * for the same. Nothing of the statement runs. Errors: as the reads.
 */
export async function hintsOf(target: Target, { query, example, rolname }: HintAsk): Promise<Result<StatementHint[]>> {
  const lookUp = (names: { schema: string | null; name: string }[]) => relationsOf(target, names, rolname)
  const own = await findHints(query, lookUp)
  if (!own.ok) return own
  const seen = example === null ? ok([]) : await findHints(example, lookUp)
  if (!seen.ok) return seen
  const known = new Set(own.value.map(({ id }) => id))
  const further = seen.value.filter(({ id }) => !known.has(id))
  return ok(
    await Promise.all([...own.value.map((hint) => readable(hint, 'statement')), ...further.map((hint) => readable(hint, 'example'))]),
  )
}

async function readable({ original, rewritten, ...hint }: Hint, of: StatementHint['of']): Promise<StatementHint> {
  const [before, after] = await Promise.all([formatSql(original), rewritten === null ? null : formatSql(rewritten)])
  const changed = after === null ? { before: [], after: [] } : changedParts(before, after)
  return {
    ...hint,
    of,
    original: { sql: before, changed: changed.before },
    rewritten: rewritten === null || after === null ? null : { sql: after, changed: changed.after, exact: rewritten },
  }
}

/** The text that a hint gives instead of this one, with its parameters counted anew. Errors: as hintsOf; conflict where the hint is there no more. */
export async function rewrittenStatement(
  target: Target,
  { query, rolname, id }: { query: string; rolname: string; id: string },
): Promise<Result<string>> {
  const found = await findHints(query, (names) => relationsOf(target, names, rolname))
  if (!found.ok) return found
  const text = found.value.find((hint) => hint.id === id)?.rewritten
  return text ? ok(await renumbered(text)) : failed('conflict', 'This hint does not hold any more: the statement’s tables have changed')
}

async function relationsOf(
  target: Target,
  names: { schema: string | null; name: string }[],
  rolname: string,
): Promise<Result<RelationFacts[]>> {
  const path = await runRead(target, searchPathOf, { rolname })
  if (!path.ok) return path
  const found = await runRead(target, hintRelations, {
    names: JSON.stringify(names),
    path: schemasOf(path.value[0]?.search_path ?? '', rolname),
  })
  if (!found.ok) return found
  return ok(
    found.value.map(({ schema, name, columns, ...relation }) => ({
      ...relation,
      asked: { schema, name },
      columns: new Map(columns.map((column) => [column.name, column])),
    })),
  )
}
