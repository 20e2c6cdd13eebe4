import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'
import type { tableDefinition } from './reads/table-definition'

type Definition = Row<typeof tableDefinition>
type Column = Definition['columns'][number]

/**
 * The statements that would make a table as it stands: with its constraints, indexes, triggers and options, without owner, privileges,
 * comments, policies, and the sequences that its defaults name. It may hold what people wrote into defaults and triggers.
 */
export function tableDdl(table: Definition): string {
  const name = qualified(table.schemaname, table.relname)
  const statements = [
    table.relkind === 'm' ? viewSql(table, name) : createSql(table, name),
    ...table.indexes.map((definition) => `${definition};`),
    ...table.triggers.map((definition) => `${definition};`),
    ...(table.row_security ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`] : []),
  ]
  return statements.join('\n\n')
}

const optionsOf = ({ options }: Definition): string => (options.length > 0 ? `\nWITH (${options.map(optionSql).join(', ')})` : '')

/** name=value as pg_class keeps it. */
function optionSql(option: string): string {
  const at = option.indexOf('=')
  const value = option.slice(at + 1)
  return `${option.slice(0, at)} = ${/^-?[\w.]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`}`
}

const tablespaceOf = ({ tablespace }: Definition): string => (tablespace === null ? '' : `\nTABLESPACE ${identifier(tablespace)}`)

function viewSql(table: Definition, name: string): string {
  const query = (table.query ?? '').trim().replace(/;$/, '')
  return `CREATE MATERIALIZED VIEW ${name}${optionsOf(table)}${tablespaceOf(table)} AS\n${query};`
}

function createSql(table: Definition, name: string): string {
  const { columns, constraints, partition_of: parent, bound, inherits, partition_key: key } = table
  // A partition has the columns of its parent; a column of an inheriting table stands only where it is its own.
  const own = parent === null ? columns.filter(({ local }) => local || inherits.length === 0) : []
  const lines = [
    ...own.map(columnSql),
    ...constraints.map((constraint) => `CONSTRAINT ${identifier(constraint.name)} ${constraint.definition}`),
  ]
  const body = lines.length > 0 ? ` (\n  ${lines.join(',\n  ')}\n)` : parent === null ? ' ()' : ''
  return [
    `CREATE ${table.unlogged ? 'UNLOGGED ' : ''}TABLE ${name}${parent === null ? '' : ` PARTITION OF ${parent}`}${body}`,
    parent === null ? '' : `\n${bound ?? ''}`,
    inherits.length > 0 ? `\nINHERITS (${inherits.join(', ')})` : '',
    key === null ? '' : `\nPARTITION BY ${key}`,
    optionsOf(table),
    tablespaceOf(table),
    ';',
  ].join('')
}

const IDENTITY: Record<string, string> = { a: 'ALWAYS', d: 'BY DEFAULT' }

function columnSql({ name, type, collation, not_null, default: value, generated, identity }: Column): string {
  const parts = [identifier(name), type]
  if (collation !== null) parts.push(`COLLATE ${collation}`)
  if (identity !== '') parts.push(`GENERATED ${IDENTITY[identity] ?? 'BY DEFAULT'} AS IDENTITY`)
  else if (generated !== '') parts.push(`GENERATED ALWAYS AS (${value}) ${generated === 'v' ? 'VIRTUAL' : 'STORED'}`)
  else if (value !== null) parts.push(`DEFAULT ${value}`)
  if (not_null) parts.push('NOT NULL')
  return parts.join(' ')
}
