/** What a constant without a type in its text may have been, or what a driver names for a value; all of pg_catalog. */
export const LIKELY_TYPES = [
  'text',
  'numeric',
  'bool',
  'timestamptz',
  'interval',
  'date',
  'jsonb',
  'float8',
  'int8',
  'timestamp',
  'uuid',
  'text[]',
  'int4[]',
]

/** Two sides of an operator that are not alike: a time and how long before it, a day and how many. */
export const PAIRS = [
  ['timestamptz', 'interval'],
  ['date', 'int4'],
] as const

/** How the server calls types in what it says, whatever its language. */
const TOLD: [RegExp, string][] = [
  [/\btimestamp with time zone\b/, 'timestamptz'],
  [/\btimestamp without time zone\b/, 'timestamp'],
  [/\bdouble precision\b/, 'float8'],
  [/\bcharacter varying\b/, 'varchar'],
  [/\b(bigint|integer|smallint)\[\]/, 'int4[]'],
  [/\b(text|character varying)\[\]/, 'text[]'],
  [/\bbigint\b(?!\[)/, 'int8'],
  [/\bboolean\b(?!\[)/, 'bool'],
  ...['numeric', 'date', 'interval', 'jsonb', 'json', 'uuid', 'bytea', 'inet', 'xml', 'real', 'tsquery', 'tsvector', 'regclass'].map(
    (type): [RegExp, string] => [new RegExp(`\\b${type}\\b(?!\\[)`), type === 'real' ? 'float4' : type],
  ),
]

/** The types that a message names, text apart, which is what the server takes where it knows nothing. */
export const typesTold = (message: string): string[] => TOLD.flatMap(([pattern, type]) => (pattern.test(message) ? [type] : []))

/** Whether a message names a type that was tried. */
export const tellsOf = (message: string, type: string): boolean =>
  type === 'int4' ? /\binteger\b/.test(message) : type === 'text' ? /\btext\b/.test(message) : typesTold(message).includes(type)
