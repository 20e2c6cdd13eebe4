import type { IndexStmt } from 'libpg-query'
import { fingerprintOf, parseSql, scanSql } from '../../server/parse-sql'
import { failed, ok, type Result } from '../../server/problem'

/** A CREATE INDEX that somebody typed, read by PostgreSQL's parser. */
export interface IndexDefinition {
  idxname: string
  schemaname: string
  relname: string
  unique: boolean
  accessMethod: string
  tablespace: string | null
  concurrently: boolean
  /** The statement in its one form: with or without CONCURRENTLY, as asked. */
  statement: string
  tree: IndexStmt
}

/**
 * Reads exactly one CREATE INDEX, named, on a schema-qualified table, and gives it the CONCURRENTLY that is asked for:
 * that word alone is changed in the text, and the result is parsed again to be the same tree.
 * `alone`: ON ONLY may stand in it, as it does where partitions' indexes are attached later.
 * Errors: invalid_input for anything else.
 */
export async function readDefinition(definition: string, concurrently: boolean, alone = false): Promise<Result<IndexDefinition>> {
  const parsed = await parseSql(definition)
  if (!parsed.ok) return parsed
  const [first, second] = parsed.value
  if (!first || second) return refuse(`Exactly one CREATE INDEX is taken, not ${parsed.value.length} statements`)
  if (!('IndexStmt' in first.tree)) return refuse(`A CREATE INDEX is taken, not ${first.kind.replace(/Stmt$/, '')}`)
  const tree = first.tree.IndexStmt
  const { idxname, relation, if_not_exists: ifNotExists } = tree
  if (ifNotExists) return refuse('IF NOT EXISTS would take an invalid index of that name for the one that was asked for. Leave it out.')
  if (!idxname) return refuse('Give the index a name: without one it could not be found again')
  if (!relation?.schemaname || !relation.relname) return refuse('Name the table with its schema: ON public.orders')
  if (relation.catalogname) return refuse('Name the table by schema and name alone, without a database')
  if (!relation.inh && !alone)
    return refuse('ON ONLY makes an index that stays invalid until each partition has one attached. Leave ONLY out.')
  const statement = await withConcurrently(first.text, concurrently)
  if (!statement.ok) return statement
  const again = await parseSql(statement.value)
  if (!again.ok) return again
  const wanted = fingerprintOf({ IndexStmt: { ...tree, concurrent: true } })
  const [got, more] = again.value
  const same =
    got && !more && 'IndexStmt' in got.tree && fingerprintOf({ IndexStmt: { ...got.tree.IndexStmt, concurrent: true } }) === wanted
  if (!same) return refuse('The statement cannot be brought into its one form')
  return ok({
    idxname,
    schemaname: relation.schemaname,
    relname: relation.relname,
    unique: tree.unique ?? false,
    accessMethod: tree.accessMethod ?? 'btree',
    tablespace: tree.tableSpace ?? null,
    concurrently,
    statement: statement.value,
    tree,
  })
}

const refuse = (message: string) => failed('invalid_input', message)

/** CREATE [UNIQUE] INDEX [CONCURRENTLY] and the rest as it was typed. A comment could hide from a reader what is there. */
async function withConcurrently(text: string, concurrently: boolean): Promise<Result<string>> {
  const tokens = await scanSql(text)
  if (tokens.some(({ tokenName }) => tokenName.endsWith('COMMENT'))) return refuse('Comments have no place in a definition')
  const long = tokens.find(({ tokenName, text: name }) => tokenName === 'IDENT' && Buffer.byteLength(bare(name), 'utf8') > NAME_BYTES)
  if (long) return refuse(`PostgreSQL would cut ${long.text}: a name has at most ${NAME_BYTES} bytes`)
  const words = tokens.map((token) => token.text.toLowerCase())
  const index = words.indexOf('index')
  const rest = tokens[words[index + 1] === 'concurrently' ? index + 2 : index + 1]
  if (!rest) return refuse('There is nothing after CREATE INDEX')
  const head = ['CREATE', words[1] === 'unique' && 'UNIQUE', 'INDEX', concurrently && 'CONCURRENTLY'].filter(Boolean).join(' ')
  return ok(`${head} ${Buffer.from(text, 'utf8').subarray(rest.start).toString('utf8').trim()}`)
}

/** NAMEDATALEN less one (manual, 4.1.1). */
const NAME_BYTES = 63

const bare = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
