/** One routine or operator as pg_catalog has it; types as format_type writes them. */
export interface Signature {
  name: string
  /** f: function, a: aggregate, w: window function, o: operator. */
  kind: 'f' | 'a' | 'w' | 'o'
  args: string[]
  variadic: boolean
  /** Columns beside the arguments: OUT and TABLE. */
  out: { name: string; type: string }[]
  result: string
  set: boolean
}

/** What a literal, a column of a catalog or a number may be where pg_catalog declares something else: an exact match wins (10.3). */
const BETTER: Record<string, string[]> = {
  regclass: ['oid', 'text', 'name', 'integer', 'bigint'],
  oid: ['regclass', 'integer', 'bigint', 'xid'],
  text: ['name', 'character varying', '"char"', 'anyelement'],
  name: ['text', 'character varying'],
  bigint: ['integer', 'smallint', 'oid'],
  integer: ['smallint', 'bigint', 'oid'],
  smallint: ['integer'],
  numeric: ['integer', 'bigint', 'double precision'],
  'double precision': ['integer', 'bigint', 'numeric', 'real'],
  real: ['integer', 'numeric'],
  'timestamp with time zone': ['timestamp without time zone', 'date', 'text'],
  'timestamp without time zone': ['timestamp with time zone', 'date'],
  interval: ['text', 'integer'],
  jsonb: ['json', 'text'],
  json: ['jsonb', 'text'],
  boolean: ['text', 'integer'],
  'character varying': ['text', 'name'],
}

const SCALARS = ['text', 'name', 'oid', 'integer', 'bigint', 'boolean', 'jsonb', '"char"']
const MORE = [
  'smallint',
  'numeric',
  'double precision',
  'real',
  'timestamp with time zone',
  'interval',
  'json',
  'regclass',
  'xid',
  'pg_lsn',
  'inet',
  'anyelement',
]
const ELEMENTS = [...SCALARS, ...MORE.slice(0, -1)]
/** Arrays by their elements; the two vectors are arrays, too. */
const ARRAYS: [array: string, element: string][] = [
  ...['text', 'name', 'oid', 'smallint', 'integer', 'bigint', '"char"', 'double precision', 'real', 'aclitem', 'jsonb', 'regclass'].map(
    (one): [string, string] => [`${one}[]`, one],
  ),
  ['int2vector', 'smallint'],
  ['oidvector', 'oid'],
]

const isElement = (type: string): boolean => ['anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray'].includes(type)
const isArray = (type: string): boolean => ['anyarray', 'anycompatiblearray'].includes(type)
const isPolymorphic = (type: string): boolean => type.startsWith('any')

/** The signature itself, where it can be written in plpgsql, and all that a call may match as well or better. */
export const variantsOf = (one: Signature): Signature[] => [
  ...(one.args.includes('"any"') ? anyOf(one) : [one]),
  ...concrete(one),
  ...substituted(one),
  ...(one.kind === 'f' ? open(one) : []),
]

/** Each argument by itself replaced, and all of one type together. */
function substituted(one: Signature): Signature[] {
  const found: Signature[] = []
  for (const [at, type] of one.args.entries())
    for (const better of BETTER[type] ?? []) {
      found.push(exactly(one, one.args.with(at, better)))
      found.push(
        exactly(
          one,
          one.args.map((each) => (each === type ? better : each)),
        ),
      )
      for (const [other, second] of one.args.entries())
        if (other > at) for (const also of BETTER[second] ?? []) found.push(exactly(one, one.args.with(at, better).with(other, also)))
    }
  return found
}

/** What "any" takes, up to four of them where it is variadic. */
function anyOf(one: Signature): Signature[] {
  const all = [...SCALARS, ...MORE, ...ARRAYS.map(([array]) => array)]
  const places = one.args.flatMap((type, at) => (type === '"any"' ? [at] : []))
  const fill = (types: string[]): Signature =>
    exactly(
      one,
      one.args.flatMap((type, at) => (type === '"any"' ? (types[places.indexOf(at)] ?? []) : [type])),
    )
  const pairs = SCALARS.flatMap((left) => SCALARS.map((right) => [left, right]))
  if (!one.variadic)
    return places.length === 1 ? all.map((type) => fill([type])) : [...all.map((type) => fill([type, type])), ...pairs.map(fill)]
  const fixed = one.args.slice(0, -1)
  const counted = [
    [],
    ...all.map((type) => [type]),
    ...pairs,
    ...SCALARS.flatMap((a) => [
      [a, a, a],
      ['text', a, 'text', a],
      [a, a, a, a],
    ]),
  ]
  const arrays = ['text[]', 'anyarray', 'anycompatiblearray'].map((array) => ({ ...one, args: [...fixed, array] }))
  return [...counted.map((types) => exactly(one, [...fixed, ...types])), ...arrays]
}

/** Polymorphic arguments as real types. */
function concrete(one: Signature): Signature[] {
  if (one.args.some(isArray)) return ARRAYS.map(([array, element]) => settle(one, array, element))
  return one.args.some(isElement) ? ELEMENTS.map((element) => settle(one, `${element}[]`, element)) : []
}

function settle(one: Signature, array: string, element: string): Signature {
  const real = (type: string): string => (isArray(type) ? array : isElement(type) ? element : type)
  return { ...one, args: one.args.map(real), result: real(one.result), out: one.out.map(({ name, type }) => ({ name, type: real(type) })) }
}

/** With the last argument variadic. One more with a default would only make calls of the others ambiguous. */
function open(one: Signature): Signature[] {
  const last = one.args.at(-1)
  if (last === undefined || one.variadic || isPolymorphic(last) || last.endsWith('[]')) return []
  return [{ ...one, args: one.args.with(-1, `${last}[]`), variadic: true }]
}

/** These arguments and no others, where the result still follows from them. */
function exactly(one: Signature, args: string[]): Signature {
  const lost = isPolymorphic(one.result) && !args.some(isPolymorphic)
  return {
    ...one,
    args,
    variadic: one.variadic && args.length === one.args.length && (args.at(-1) ?? '').endsWith('[]'),
    result: lost ? 'text' : one.result,
  }
}
