import { identifier, literal, qualified } from '../server/identifiers'
import type { IndexNode } from './facts/index-drop'

/**
 * The statements that bring a dropped index back as it was: definition with its reloptions, tablespace, statistics
 * targets of expression columns, comment, clustered mark, dependence on extensions. Each physical index is built
 * CONCURRENTLY. A partitioned one cannot be: it is made alone, invalid, and each partition's index is built under
 * its former name and attached, which makes it valid with the last (manual, CREATE INDEX). null while a lock hides
 * a definition. Names inside expressions have their schema where that is not
 * pg_catalog, because reads look names up in it alone.
 */
export function undoOf(nodes: IndexNode[]): string[] | null {
  const made: string[] = []
  const attached: string[] = []
  for (const node of nodes) {
    const { definition, parent, relkind } = node
    if (definition === null) return null
    const name = qualified(node.schemaname, node.relname)
    const written = withTablespace(definition, node)
    made.push(relkind === 'I' ? written : written.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY '))
    // From the lowest level up: an index is valid, and can complete its own parent, when all below it are attached.
    if (parent) attached.unshift(`ALTER INDEX ${qualified(parent.schemaname, parent.relname)} ATTACH PARTITION ${name}`)
    for (const { attnum, target } of node.targets) made.push(`ALTER INDEX ${name} ALTER COLUMN ${attnum} SET STATISTICS ${target}`)
    for (const extension of node.extensions) made.push(`ALTER INDEX ${name} DEPENDS ON EXTENSION ${identifier(extension)}`)
    if (node.comment !== null) made.push(`COMMENT ON INDEX ${name} IS ${literal(node.comment)}`)
    if (node.indisclustered)
      made.push(`ALTER TABLE ${qualified(node.table_schema, node.table_name)} CLUSTER ON ${identifier(node.relname)}`)
  }
  return [...made, ...attached]
}

/** TABLESPACE stands before WHERE, and pg_get_indexdef leaves it out. */
function withTablespace(definition: string, { tablespace, predicate }: IndexNode): string {
  if (tablespace === null) return definition
  const where = predicate === null ? '' : ` WHERE ${predicate}`
  return `${definition.slice(0, definition.length - where.length)} TABLESPACE ${identifier(tablespace)}${where}`
}
