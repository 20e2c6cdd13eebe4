import type { Node, ScanToken } from 'libpg-query'
import { mostNested } from './nesting'
import { failed, ok, type Result } from './problem'

/** One statement as PostgreSQL's own parser (of 18) reads it. */
export interface ParsedStatement {
  /** The parse tree's tag: IndexStmt, DropStmt, VacuumStmt … */
  kind: string
  tree: Node
  /** Its own text, without the semicolon and what surrounds it. */
  text: string
}

/**
 * The statements of a text. Nothing is executed and no catalog is looked at. Loaded when first asked, as the parser is
 * some 2 MB of WASM. Errors: invalid_input with the parser's message.
 */
export async function parseSql(sql: string): Promise<Result<ParsedStatement[]>> {
  // The parser reads a C string: what follows a NUL would go unseen.
  if (sql.includes('\0')) return failed('invalid_input', 'SQL holds no NUL')
  if (sql.trim() === '') return failed('invalid_input', 'There is no statement in it')
  const { parse } = await import('libpg-query')
  try {
    if (sql.length > HARMLESS && mostNested(await scanSql(sql)) > NESTED) return failed('invalid_input', TOO_DEEP)
    const { stmts = [] } = await parse(sql)
    if (isDeeperThan(stmts, DEEPEST)) return failed('invalid_input', TOO_DEEP)
    const bytes = Buffer.from(sql, 'utf8') // its positions count bytes
    return ok(
      stmts.map(({ stmt = {} as Node, stmt_location: from = 0, stmt_len: length }) => ({
        kind: Object.keys(stmt)[0] ?? '',
        tree: stmt,
        text: bytes
          .subarray(from, length ? from + length : undefined)
          .toString('utf8')
          .trim(),
      })),
    )
  } catch (error) {
    return failed('invalid_input', refusal(error))
  }
}

/**
 * The tokens of a text that parses, comments among them; positions count bytes of UTF-8. The scanner writes control
 * characters into its JSON as they are, so each is put as a letter: where one may stand at all, in quotes, it means no more.
 */
export async function scanSql(sql: string): Promise<ScanToken[]> {
  const { scan } = await import('libpg-query')
  const readable = Array.from(sql, (character) => (character === '\v' || character === '\f' ? ' ' : isControl(character) ? 'x' : character))
  return (await scan(readable.join(''))).tokens
}

/** The same; null where the text cannot be read as tokens, such as one that was cut within a string. */
export const scanIfReadable = (sql: string): Promise<ScanToken[] | null> => scanSql(sql).catch(() => null)

const isControl = (character: string): boolean => character < ' ' && !'\t\n\r'.includes(character)

/** Levels of a tree; an operator takes two, a subselect five. Far below what recursion over it could bear, some 5,000. */
const DEEPEST = 1_500
/**
 * The parser writes its tree out by recursion and keeps the stack that an overflow has taken: some thirty of them, and it is broken
 * for good. So what may be too deep for it (some 4,000 levels) is not given to it; a shorter text cannot be.
 */
const NESTED = 2_500
const HARMLESS = 5_000
export const TOO_DEEP = 'It is nested too deeply to be read'

const refusal = (error: unknown): string =>
  error instanceof RangeError ? TOO_DEEP : error instanceof Error ? error.message : String(error)

function isDeeperThan(tree: unknown, levels: number): boolean {
  let here = [tree]
  for (let level = 0; here.length > 0; level++) {
    if (level > levels) return true
    here = here.flatMap((node) => (typeof node === 'object' && node !== null ? Object.values(node) : []))
  }
  return false
}

/** A tree, or a part of one, as text, without the positions in it: equal for statements that say the same. */
export const fingerprintOf = (tree: unknown): string => JSON.stringify(tree, (key, value) => (PLACE.test(key) ? undefined : value)) ?? ''

/** Where in the text something stands: location, stmt_location, rexpr_list_start … */
const PLACE = /^(\w+_)?(location|list_start|list_end)$/
