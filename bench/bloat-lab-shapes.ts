/**
 * The b-trees of the lab. A row is a number `id`; its values are functions of it, of a salt and of the
 * version that an update moves on, so that a seed gives the same index on every run.
 */

/** A random non-negative bigint of this row and version; another salt is another, independent number. */
export const random = (salt: number): string => `h(id, ${salt} + 1000 * version)`
/** The same as a float8 in [0, 1). */
export const uniform = (salt: number): string => `(${random(salt)} % 1000003 / 1000003.0)`
export const word = (salt: number): string => `md5(${random(salt)}::text)`
/** Zipf-like: the value x is drawn about in proportion to 1 / x. */
export const zipf = (salt: number, values: number): string => `floor(power(${values}, ${uniform(salt)}))::int`

export interface Shape {
  name: string
  /** Column definitions beside id and version. */
  columns: string
  /** One expression a column. */
  values: string[]
  /** What follows CREATE INDEX … ON table. */
  index: string
  unique?: boolean
  /** Run once after the table is made. */
  also?: (table: string) => string
  /** Values that the update of the stale history writes: another distribution. */
  drift?: string[]
}

const deduplicated = (values: number): string => `${random(1)} % ${values}`

/** Ordinary keys: uniform data, every kind of column that a schema has. */
export const ordinary: Shape[] = [
  { name: 'int', columns: 'k int', values: [`(${random(1)} % 2000000000)::int`], index: '(k)' },
  { name: 'bigint unique', columns: 'k bigint', values: ['id + 10000000 * version'], index: '(k)', unique: true },
  { name: 'uuid', columns: 'k uuid', values: [`${word(1)}::uuid`], index: '(k)' },
  { name: 'text', columns: 'k text', values: [`left(${word(1)}, 8 + (${random(2)} % 20)::int)`], index: '(k)' },
  { name: 'numeric', columns: 'k numeric(12,2)', values: [`(${random(1)} % 100000000) / 100.0`], index: '(k)' },
  {
    name: 'three columns',
    columns: 'a int, b int, c timestamptz',
    values: [
      `(${random(1)} % 1000)::int`,
      `(${random(2)} % 100000)::int`,
      `timestamptz '2026-01-01' + ${random(3)} % 10000000 * interval '1 second'`,
    ],
    index: '(a, b, c)',
  },
  {
    name: 'partial',
    columns: 'k int, open boolean',
    values: [`(${random(1)} % 2000000000)::int`, `${random(2)} % 4 = 0`],
    index: '(k) where open',
  },
  { name: 'expression', columns: 'k text', values: [`left(${word(1)}, 12) || '@Example.org'`], index: '(lower(k))' },
  {
    name: 'include',
    columns: 'k int, extra bigint',
    values: [`(${random(1)} % 500)::int`, random(2)],
    index: '(k) include (extra)',
  },
  { name: 'fillfactor 70', columns: 'k bigint', values: [random(1)], index: '(k) with (fillfactor = 70)' },
  { name: 'few smallint', columns: 'k smallint', values: [`(${deduplicated(20)})::smallint`], index: '(k)' },
  { name: 'few text', columns: 'k text', values: [`'state ' || ${deduplicated(50)}`], index: '(k)' },
  {
    name: '70 % null',
    columns: 'k int',
    values: [`case when ${random(2)} % 10 < 3 then (${random(1)} % 2000000000)::int end`],
    index: '(k)',
  },
  {
    name: 'timestamptz',
    columns: 'k timestamptz',
    values: [`timestamptz '2026-01-01' + id * interval '1 second' + version * interval '1 day'`],
    index: '(k)',
  },
  { name: 'foreign key', columns: 'k bigint', values: [deduplicated(5000)], index: '(k)' },
]

/** Hard keys: skew, correlation, NULLs in several columns, types with ways of their own. */
export const hard: Shape[] = [
  { name: 'zipf int', columns: 'k int', values: [zipf(1, 100_000)], index: '(k)', drift: [`(${random(5)} % 50)::int`] },
  { name: 'zipf text', columns: 'k text', values: [`'customer-' || ${zipf(1, 20_000)}`], index: '(k)', drift: [word(5)] },
  { name: 'zipf, dedup off', columns: 'k int', values: [zipf(1, 100_000)], index: '(k) with (deduplicate_items = off)' },
  { name: 'two of a kind', columns: 'k int', values: [`(id / 2)::int + 1000000 * version`], index: '(k)' },
  {
    name: 'five by chance',
    columns: 'k bigint',
    values: [`${random(1)} % ((select n from lab) / 5)`],
    index: '(k)',
    drift: [`${random(5)} % 10`],
  },
  {
    name: 'correlated pair',
    columns: 'country int, city int',
    values: [`(${random(1)} % 5000 / 50)::int`, `(${random(1)} % 5000)::int`],
    index: '(country, city)',
  },
  {
    name: 'correlated pair, statistics',
    columns: 'country int, city int',
    values: [`(${random(1)} % 20000 / 50)::int`, `(${random(1)} % 20000)::int`],
    index: '(country, city)',
    also: (table) => `create statistics ${table}_s (ndistinct) on country, city from ${table}`,
  },
  {
    name: 'independent pair',
    columns: 'a smallint, b int',
    values: [`(${random(1)} % 8)::smallint`, `(${random(2)} % 25)::int`],
    index: '(a, b)',
  },
  {
    name: 'status and time',
    columns: 'status smallint, at timestamptz',
    values: [`(${zipf(1, 6)})::smallint`, `timestamptz '2026-01-01' + ${random(2)} % 90000000 * interval '1 second'`],
    index: '(status, at)',
  },
  { name: 'name', columns: 'k name', values: [`left(${word(1)}, 6 + (${random(2)} % 20)::int)::name`], index: '(k)' },
  {
    name: 'name, few',
    columns: 'k name, b int',
    values: [`('role_' || ${deduplicated(40)})::name`, `(${random(2)} % 1000000)::int`],
    index: '(k, b)',
  },
  {
    name: 'nullable pair',
    columns: 'a int, b bigint',
    values: [
      `case when ${random(3)} % 3 > 0 then (${random(1)} % 1000000)::int end`,
      `case when ${random(4)} % 2 > 0 then ${random(2)} end`,
    ],
    index: '(a, b)',
  },
  {
    name: 'nullable three, few',
    columns: 'a int, b int, c text',
    values: [
      `case when ${random(4)} % 5 > 0 then (${random(1)} % 10)::int end`,
      `case when ${random(5)} % 2 > 0 then (${random(2)} % 10)::int end`,
      `case when ${random(6)} % 4 > 0 then 'tag' || ${random(3)} % 5 end`,
    ],
    index: '(a, b, c)',
  },
  {
    name: 'long text',
    columns: 'k text',
    values: [`repeat(${word(1)}, 1 + (${random(2)} % 8)::int)`],
    index: '(k)',
    drift: [`left(${word(5)}, 5)`],
  },
  {
    name: 'json expression',
    columns: 'doc jsonb',
    values: [`jsonb_build_object('sku', ${deduplicated(3000)}, 'size', ${random(2)} % 9)`],
    index: `((doc ->> 'sku'))`,
  },
  { name: 'numeric, few', columns: 'k numeric', values: [`(${deduplicated(100)}) / 4.0`], index: '(k)' },
  {
    name: 'boolean, partial',
    columns: 'k boolean, due date',
    values: [`${random(1)} % 10 = 0`, `date '2026-01-01' + (${random(2)} % 700)::int`],
    index: '(due) where k',
  },
  {
    name: 'unique with nulls',
    columns: 'k bigint',
    values: [`case when ${random(2)} % 2 = 0 then id + 10000000 * version end`],
    index: '(k)',
    unique: true,
  },
  {
    name: 'char',
    columns: 'k char(10), b date',
    values: [`'P' || ${deduplicated(200)}`, `date '2026-01-01' + (${random(2)} % 365)::int`],
    index: '(k, b)',
  },
]
