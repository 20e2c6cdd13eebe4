import type { indexDetail } from '../reads/index-detail'
import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'

/** What the statement is written from. */
type Undoable = Pick<
  Row<typeof indexDetail>,
  | 'schemaname'
  | 'relname'
  | 'indexrelname'
  | 'relkind'
  | 'indisunique'
  | 'definition'
  | 'predicate'
  | 'tablespace'
  | 'conname'
  | 'constraint_definition'
>

/**
 * The statement that brings an index back after a drop, or a constraint with its index; null while a lock hides
 * the definition. Concurrently where PostgreSQL can: on a partitioned table it cannot (manual, CREATE INDEX),
 * and a constraint has no such form.
 */
export function undoDdl(detail: Undoable): string | null {
  const { definition, conname, constraint_definition: constraint, relkind, indisunique, indexrelname } = detail
  if (definition === null) return null
  if (conname !== null) {
    if (constraint === null) return null
    return `ALTER TABLE ${qualified(detail.schemaname, detail.relname)} ADD CONSTRAINT ${identifier(conname)} ${constraint};`
  }
  const create = indisunique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX'
  // pg_get_indexdef says ON ONLY of a partitioned index, which would leave its partitions without one.
  const written = `${create} ${identifier(indexrelname)} ON ${relkind === 'I' ? 'ONLY ' : ''}`
  if (!definition.startsWith(written)) return `${withTablespace(definition, detail)};`
  const wanted = relkind === 'I' ? `${create} ${identifier(indexrelname)} ON ` : `${create} CONCURRENTLY ${identifier(indexrelname)} ON `
  return `${wanted}${withTablespace(definition.slice(written.length), detail)};`
}

/** TABLESPACE stands before WHERE. */
function withTablespace(definition: string, { tablespace, predicate }: Pick<Undoable, 'tablespace' | 'predicate'>): string {
  if (tablespace === null) return definition
  const where = predicate === null ? '' : ` WHERE ${predicate}`
  const before = definition.endsWith(where) ? definition.slice(0, definition.length - where.length) : definition
  return `${before} TABLESPACE ${identifier(tablespace)}${definition.endsWith(where) ? where : ''}`
}
