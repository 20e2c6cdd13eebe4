export const COMPARES = new Set(['=', ':=', '=>', '<>', '!=', '<', '>', '<=', '>=', '~', '!', '*', '||', '@'])
export const BEGINS = new Set(['in', 'like', 'ilike', 'similar', 'between', 'default'])
export const GOES_ON = new Set(['is', 'not', 'distinct'])
/** Words after which an operand follows; after others that stand behind an operand, the expression is over. */
export const WITHIN = new Set(['case', 'when', 'then', 'else', 'not', 'any', 'all', 'some', 'array', 'cast', 'row', 'to', 'from', 'select'])
export const JOINS = new Set(['format', 'concat', 'concat_ws', 'replace', 'overlay'])
/** Values of SET that are no secrets. */
export const PLAIN = new Set(['default', 'on', 'off', 'true', 'false', 'null', 'to'])

/** Names after these are of tables and columns, not of functions that are called. */
export const NO_CALL = new Set([
  'table',
  'exists',
  'into',
  'only',
  'on',
  'from',
  'join',
  'view',
  'index',
  'references',
  'type',
  'with',
  'update',
])

/** What stands in a parenthesis, or in none. */
export interface Frame {
  /** The word before it. */
  call: string
  /** All literals in it are withheld. */
  secret: boolean
  /** The name of a secret stands in it, or in the part of it since the last comma. */
  named: boolean
  partNamed: boolean
  /** doc['…'] */
  subscript: boolean
  /** Options of a user mapping. */
  mapping: boolean
  /** The names of INSERT's columns. */
  lists: boolean
  /** Which of its parts are secret, by place. */
  columns: Set<number> | undefined
  part: number
  /** Where the part began in what goes out. */
  partFrom: number
}

export const frame = (more: Partial<Frame> = {}): Frame => ({
  ...{
    call: '',
    secret: false,
    named: false,
    partNamed: false,
    subscript: false,
    mapping: false,
    lists: false,
    columns: undefined,
    part: 0,
    partFrom: 0,
  },
  ...more,
})
