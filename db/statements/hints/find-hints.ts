import { withoutConstantPlaces } from '../../server/normalised-sql'
import { parseSql } from '../../server/parse-sql'
import { ok, type Result } from '../../server/problem'
import { statementWithin } from '../../server/statement-within'
import { writtenSql } from '../../server/written-sql'
import { levelsOf, type RelationFacts, relationsIn } from './levels'
import { RULES, type RuleName } from './registry'
import type { Candidate, Rule, Subject } from './rule'
import { nodesIn } from './tree'

/** What would be better about a statement, and why. */
export interface Hint extends Omit<Candidate, 'rewrite' | 'sql'> {
  /** Of one statement: the rule, and which of its findings. */
  id: string
  rule: RuleName
  /** The statement in one line, written the same way as `rewritten`. */
  original: string
  /** null: no other text is certain to mean the same. */
  rewritten: string | null
  /** A statement that helps instead of another text. */
  sql: string | null
}

type LookUp = (names: { schema: string | null; name: string }[]) => Promise<Result<RelationFacts[]>>

/** A longer text gives no hints: nobody reads what would be written instead. */
const LONGEST = 20_000
const MOST_RELATIONS = 60
const MOST_NODES = 10_000
/** Hints of one statement. */
const MOST_HINTS = 6

/**
 * The hints on a statement, as pg_stat_statements or pg_stat_activity has it. What cannot be read, is no single statement, or is too long
 * gives none. The rules are pure: one look-up tells them what the catalog says of the relations. Errors: as the look-up.
 */
export async function findHints(query: string, lookUp: LookUp): Promise<Result<Hint[]>> {
  if (query.length > LONGEST) return ok([])
  const { statement } = await statementWithin(await withoutConstantPlaces(query))
  const parsed = await parseSql(statement)
  const [one, ...more] = parsed.ok ? parsed.value : []
  if (!one || more.length > 0 || !READ.has(one.kind)) return ok([])
  const names = relationsIn(one.tree)
  if (names.length === 0 || names.length > MOST_RELATIONS || nodesIn(one.tree).length > MOST_NODES) return ok([])
  const found = await lookUp(names)
  if (!found.ok) return found
  const facts = new Map(found.value.map((relation) => [JSON.stringify(relation.asked), relation]))
  const subject = subjectOf(one.tree, facts)
  const hints: Hint[] = []
  const original = await writtenSql(one.tree)
  for (const [name, rule] of Object.entries(RULES) as [RuleName, Rule][]) {
    for (const [at, { rewrite, sql, ...says }] of rule(subject).entries()) {
      if (hints.length === MOST_HINTS || original === null) break
      const rewritten = rewrite ? await rewrittenBy(rule, at, { tree: one.tree, facts }) : null
      hints.push({ id: `${name}-${at}`, rule: name, ...says, original, rewritten, sql: sql ?? null })
    }
  }
  return ok(hints)
}

const READ = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'])

function subjectOf(tree: unknown, facts: Map<string, RelationFacts>): Subject {
  const levels = levelsOf(tree, (asked) => facts.get(JSON.stringify(asked)) ?? null)
  const statement = (tree as { SelectStmt?: unknown }).SelectStmt
  const numbers = nodesIn(tree).flatMap(({ tag, node }) => (tag === 'ParamRef' ? [Number(node.number ?? 0)] : []))
  return { levels, top: levels.find(({ query }) => query === statement) ?? null, parameters: Math.max(0, ...numbers) }
}

/** A rule changes the tree that it looked at, so each of its findings gets a tree of its own. */
async function rewrittenBy(
  rule: Rule,
  at: number,
  { tree, facts }: { tree: unknown; facts: Map<string, RelationFacts> },
): Promise<string | null> {
  const own = structuredClone(tree)
  const candidate = rule(subjectOf(own, facts))[at]
  if (!candidate?.rewrite) return null
  candidate.rewrite()
  return writtenSql(own)
}
