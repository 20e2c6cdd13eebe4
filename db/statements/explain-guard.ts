import type { z } from 'zod'
import type { Row } from '../server/define-read'
import { type ParsedStatement, parseSql } from '../server/parse-sql'
import { ok, type Result } from '../server/problem'
import { namesIn } from './explain-names'
import { refusalOf } from './reached-code'
import type { askedName, explainObjects } from './reads/explain-objects'

/** What explaining a statement might set off. */
interface ExplainGuard {
  /** Why it is not explained at all, as sentences. */
  refused: string[]
  /** Why it is never run, as sentences: volatile functions, which the planner leaves alone. */
  neverRun: string[]
  /** Those of both that are nobody else's code: what is refused because nobody can look through it. */
  opaque: string[]
  /** Volatile functions that running it may call, as regprocedure prints them: EXPLAIN ANALYZE asks first. */
  volatile: string[]
}

type AskedName = z.output<typeof askedName>
type Found = Row<typeof explainObjects>

/** Asks the catalog what names lead to: the read explain-objects. */
export type LookUp = (names: AskedName[]) => Promise<Result<Found[]>>

interface Whose {
  /** The schemas that the statement's names are looked for in. */
  path: string[]
  /** The role that would execute what is reached. */
  role: string
}

/** Views in views in views; further down it is refused. */
const ROUNDS = 8

/**
 * What planning (and running) a statement may execute. Planning is not harmless: it evaluates immutable and stable functions,
 * index expressions and checks, and puts bodies of functions in SQL into the statement. So whatever code may be reached is looked
 * through, view by view and body by body; refusalOf says what may not be among it. What the catalog does not know, and
 * what cannot be read, is refused as well. Errors: as the look-up.
 */
export async function guardExplain(statement: ParsedStatement, lookUp: LookUp, { path, role }: Whose): Promise<Result<ExplainGuard>> {
  const [refused, neverRun, opaque, volatile] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  const asked = new Set<string>()
  const { names, ctes, unknown } = namesIn(statement)
  for (const node of unknown) refused.add(`It holds ${node}, which Proctor does not know`)
  let next: AskedName[] = names.map((name) => ({ ...name, path }))
  for (let round = 0; next.length > 0; round++) {
    if (round === ROUNDS)
      return ok({ refused: ['Its views stand on each other too deeply to be looked through'], neverRun: [], opaque: [], volatile: [] })
    for (const name of next) asked.add(JSON.stringify(name))
    const found = await lookUp(next)
    if (!found.ok) return found
    for (const row of found.value) {
      if (row.kind === 'missing') {
        // In what the server deparsed itself names are bound already, and found by pg_depend.
        if (round === 0 && !(row.owner === 'relation' && ctes.includes(row.identity)))
          refused.add(`The ${row.owner} ${row.identity} is not found here`)
        continue
      }
      const refusal = refusalOf(row, role)
      if (refusal) (refusal.at === 'planning' ? refused : neverRun).add(refusal.why)
      if (refusal?.own) opaque.add(refusal.why)
      if (row.kind === 'function' && row.runs && row.volatility === 'v') volatile.add(row.identity)
    }
    const deeper = await Promise.all(found.value.map((row) => namesOf(row, { path, role })))
    for (const { unread } of deeper) if (unread) refused.add(unread)
    next = uniqueOf(deeper.flatMap(({ names: inside }) => inside)).filter((name) => !asked.has(JSON.stringify(name)))
  }
  return ok({ refused: [...refused], neverRun: [...neverRun], opaque: [...opaque], volatile: [...volatile].sort() })
}

/**
 * The names in what an object stands for: a view, an expression, a function's body and default arguments. In a definition, which the
 * server wrote, only PostgreSQL's own are of interest: they have no pg_depend rows. A body that is kept as text finds its names
 * when it is called, by the function's own search_path or the caller's.
 */
async function namesOf({ identity, definition, body, search_path }: Found, { path, role }: Whose) {
  const names: AskedName[] = []
  let unread: string | null = null
  const read = async (text: string, schemas: string[], isBound: boolean) => {
    const parsed = await parseSql(text)
    if (!parsed.ok) {
      unread = `The definition of ${identity} cannot be read: ${parsed.problem.message}`
      return
    }
    for (const statement of parsed.value) {
      const inside = namesIn(statement)
      if (inside.unknown.length > 0) unread = `${identity} holds ${inside.unknown.join(', ')}, which Proctor does not know`
      for (const name of inside.names) {
        if (!isBound || name.schema === null || name.schema === 'pg_catalog') names.push({ ...name, path: schemas })
      }
    }
  }
  if (definition) await read(definition, [], true)
  if (body) await read(body, search_path === null ? path : schemasOf(search_path, role), false)
  return { names, unread }
}

const uniqueOf = (names: AskedName[]): AskedName[] => [...new Map(names.map((name) => [JSON.stringify(name), name])).values()]

/** The names in a search_path: plain ones in lower case, quoted ones as they are, $user as the role's. */
export const schemasOf = (searchPath: string, role: string): string[] =>
  [...searchPath.matchAll(/"((?:""|[^"])*)"|([^,\s"]+)/g)]
    .map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"')))
    .map((schema) => (schema === '$user' ? role : schema))
