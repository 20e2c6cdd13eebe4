import { identifier, literal, qualified } from '../server/identifiers'
import type { IndexNode } from './reads/index-nodes'

type Undoable = Omit<IndexNode, 'indexrelid' | 'root' | 'depth' | 'skipped'>

/**
 * The statements that bring a dropped index, or a constraint with its index, back as it was: definition with its reloptions,
 * tablespace, statistics targets of expression columns, comments, clustered mark, replica identity, dependence on extensions. Each
 * physical index is built CONCURRENTLY, for which a constraint has no form. A partitioned one cannot be: it is made alone, invalid, and
 * each partition's is made under its former name and attached, which makes it valid with the last (manual, CREATE INDEX). null while a
 * lock hides a definition. Names inside expressions have their schema where that is not pg_catalog, because reads look names up in it alone.
 */
export function undoOf(nodes: Undoable[]): string[] | null {
  const made: string[] = []
  const attached: string[] = []
  const identities: string[] = []
  for (const node of nodes) {
    const main = node.conname === null ? indexOf(node) : constraintOf(node, node.conname)
    if (main === null) return null
    const { parent } = node
    const name = qualified(node.schemaname, node.relname)
    made.push(main, ...settingsOf(node, name))
    // From the lowest level up: an index is valid, and can complete its own parent, when all below it are attached.
    if (parent) attached.unshift(`ALTER INDEX ${qualified(parent.schemaname, parent.relname)} ATTACH PARTITION ${name}`)
    // Before 16 only a valid index can be one.
    if (node.indisreplident)
      identities.push(
        `ALTER TABLE ${qualified(node.table_schema, node.table_name)} REPLICA IDENTITY USING INDEX ${identifier(node.relname)}`,
      )
  }
  return [...made, ...attached, ...identities]
}

/** As one text: a line for each statement, unless it holds a line break itself. */
export const scriptOf = (statements: string[]): string => statements.map((statement) => `${statement};`).join('\n')

function indexOf({ definition, predicate, relkind, tablespace }: Undoable): string | null {
  if (definition === null) return null
  // TABLESPACE stands before WHERE, and pg_get_indexdef leaves it out.
  const written = before(definition, predicate === null ? '' : ` WHERE ${predicate}`, placeOf('TABLESPACE', tablespace))
  return relkind === 'I' ? written : written.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ')
}

/** pg_get_constraintdef leaves the tablespace out, and of keys the reloptions, too; an exclusion constraint's definition has these. */
function constraintOf(node: Undoable, conname: string): string | null {
  const { constraint_definition: written, deferrable, predicate, reloptions, relkind, tablespace } = node
  if (written === null) return null
  const isKey = !written.startsWith('EXCLUDE ')
  const end = `${isKey || predicate === null ? '' : ` WHERE (${predicate})`}${deferrable}`
  const options = isKey && reloptions !== null ? ` WITH (${reloptions})` : ''
  const whole = before(written, end, `${options}${placeOf('USING INDEX TABLESPACE', tablespace)}`)
  const table = qualified(node.table_schema, node.table_name)
  return `ALTER TABLE ${relkind === 'I' ? 'ONLY ' : ''}${table} ADD CONSTRAINT ${identifier(conname)} ${whole}`
}

const placeOf = (clause: string, tablespace: string | null): string => (tablespace === null ? '' : ` ${clause} ${identifier(tablespace)}`)

const before = (text: string, end: string, clause: string): string =>
  clause === '' ? text : `${text.slice(0, text.length - end.length)}${clause}${end}`

/** What is set on it afterwards. */
function* settingsOf(node: Undoable, name: string): Generator<string> {
  const table = qualified(node.table_schema, node.table_name)
  for (const { attnum, target } of node.targets) yield `ALTER INDEX ${name} ALTER COLUMN ${attnum} SET STATISTICS ${target}`
  for (const extension of node.extensions) yield `ALTER INDEX ${name} DEPENDS ON EXTENSION ${identifier(extension)}`
  if (node.comment !== null) yield `COMMENT ON INDEX ${name} IS ${literal(node.comment)}`
  if (node.conname !== null && node.constraint_comment !== null)
    yield `COMMENT ON CONSTRAINT ${identifier(node.conname)} ON ${table} IS ${literal(node.constraint_comment)}`
  if (node.indisclustered) yield `ALTER TABLE ${table} CLUSTER ON ${identifier(node.relname)}`
}
