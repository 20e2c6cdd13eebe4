/** What a drop would be worth: the answer that a careful DBA gives who knows the workload. */
export type Label =
  /** Somebody needs it: proposing its drop is a false drop. */
  | 'keep'
  | 'redundant'
  | 'unused'
  | 'invalid'
  /** A matter of taste: not counted either way. */
  | 'open'

/** One kind of value that the traps are repeated with. `of` makes an expression's value from an integer expression. */
export interface Kind {
  type: string
  of: (number: string) => string
}

/** One table with its indexes, what reads it, and the right answer for each index by its suffix. */
export interface Trap {
  name: string
  /** From which major on. */
  since?: number
  /** Made once, with integers, instead of once for each kind. */
  once?: boolean
  sql: (table: string, kind: Kind) => string[]
  /** By the name that follows the table's: `a` for table_a. */
  labels: Record<string, Label>
  /** Of these, whichever, one stays and the others are redundant. */
  oneStays?: string[][]
  /** Statements that the application sends, and that an index serves. */
  workload?: (table: string, kind: Kind) => string[]
}

export const KINDS: Kind[] = [
  { type: 'int', of: (n) => `(${n})::int` },
  { type: 'bigint', of: (n) => `(${n})::bigint` },
  { type: 'text', of: (n) => `md5((${n})::text)` },
  { type: 'uuid', of: (n) => `md5((${n})::text)::uuid` },
  { type: 'numeric', of: (n) => `(${n})::numeric(12,2)` },
  { type: 'timestamptz', of: (n) => `timestamptz '2026-01-01' + (${n}) * interval '1 minute'` },
]

/** Rows of each table: enough for the planner to prefer an index where one value is asked for. */
export const ROWS = 10_000

/** A table with columns a and b of few duplicates, c unique, and an own key. */
export function table(name: string, { type, of }: Kind, rest = ''): string[] {
  return [
    `create table ${name} (id int primary key, a ${type}, b ${type}, c ${type}${rest})`,
    `insert into ${name} (id, a, b, c) select g, ${of('g % 2000')}, ${of('(g * 7) % 1900')}, ${of('g')} from generate_series(1, ${ROWS}) g`,
  ]
}

/** Asks for one value of a column. */
export const asks = (name: string, { of }: Kind, column: string, columns = 'id'): string =>
  `select ${columns} from ${name} where ${column} = ${of('17')}`

/** Asks for one row by its own key: reads the table, and says nothing of the other indexes. */
export const asksKey = (name: string): string => `select a from ${name} where id = 17`
