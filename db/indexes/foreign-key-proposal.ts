import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'
import type { foreignKeys } from './reads/foreign-keys'

type ForeignKey = Row<typeof foreignKeys>

/** The index that would serve a foreign key, but for its name. */
export interface ProposedIndex {
  schemaname: string
  /** The referencing table, or the one partition of it that lacks an index. */
  relname: string
  columns: string[]
  /** Whether one statement can build it CONCURRENTLY. */
  concurrently: boolean
  /** What follows the table: USING, and the columns with cast, collation and operator class where the default would not serve. */
  body: string
}

/**
 * What to build for a key that nothing serves in `key.tables`; null where no operator class would do, or only the result of a function
 * that is not immutable. A partitioned table gets it as a whole: in one statement without CONCURRENTLY, which PostgreSQL has for its
 * partitions only (manual, CREATE INDEX); where one of several partitions lacks it, that one alone gets it.
 */
export function proposedIndex(key: ForeignKey, partitions: number): ProposedIndex | null {
  if (key.method === null) return null
  const [only, ...more] = key.tables
  const alone = key.partitioned && partitions > 1 && more.length === 0 ? only : undefined
  const { schemaname, relname } = alone ?? key
  const body = `${key.method === 'btree' ? '' : `USING ${identifier(key.method)} `}(${key.parts.map(written).join(', ')})`
  return { schemaname, relname, columns: key.columns, concurrently: !key.partitioned || alone !== undefined, body }
}

const written = ({ column, type, collation, opclass }: ForeignKey['parts'][number]): string =>
  [
    type === null ? identifier(column) : `((${identifier(column)})::${type})`,
    ...(collation ? [`COLLATE ${named(collation)}`] : []),
    ...(opclass ? [named(opclass)] : []),
  ].join(' ')

const named = ({ schemaname, name }: { schemaname: string; name: string }): string =>
  schemaname === 'pg_catalog' ? identifier(name) : qualified(schemaname, name)

export const createIndexSql = (index: ProposedIndex, name: string): string =>
  `CREATE INDEX ${index.concurrently ? 'CONCURRENTLY ' : ''}${identifier(name)} ON ${qualified(index.schemaname, index.relname)} ${index.body}`

/** NAMEDATALEN less one (manual, 4.1.1). */
const NAME_BYTES = 63
const NAMES = 30

/** Names for it, the best first: table_column_idx, with a number for when that is taken, as PostgreSQL itself would call it. */
export const possibleNames = ({ relname, columns }: ProposedIndex): string[] =>
  Array.from({ length: NAMES }, (_, number) => {
    const end = `_idx${number || ''}`
    return `${cut([relname, ...columns].join('_'), NAME_BYTES - end.length)}${end}`
  })

/** The longest beginning of at most so many bytes, between characters. */
function cut(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}
