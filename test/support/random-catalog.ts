import fc from 'fast-check'

/** One random index of table t, and how to tell that something serves what it served. */
interface RandomIndex {
  /** After CREATE INDEX name ON t. */
  definition: string
  unique: boolean
  /** What a query asks that it serves; the rest of the WHERE clause is its predicate. */
  condition: string
  /** An order in which it gives the rows; null where it gives none that can be asked for. */
  order: string | null
  predicate: string
  /** What ON CONFLICT infers it by; null where it is not unique. */
  arbiter: string | null
}

export interface RandomCatalog {
  indexes: RandomIndex[]
  /** ALTER TABLE statements; may name i0, i1 … and fail where those do not fit. */
  more: string[]
  /** Conditions of queries that have run. */
  asked: string[]
}

/** Table t of some rows beside a table that it refers to. */
export const TABLES = `
  create table parent (id int primary key);
  create table t (a int not null, b int not null, c text not null, d int[], e varchar, g int4range);
  insert into parent select n from generate_series(1, 300) n;
  insert into t select n, n, n::text, array[n], n::text, int4range(n, n + 1) from generate_series(1, 300) n`

/** A key as the index has it, what asks for it, and the order that it gives. */
const KEYS: [key: string, condition: string, order: string | null][] = [
  // more than once, so that some indexes begin alike
  ['a', 'a = 7', 'a'],
  ['a', 'a = 7', 'a'],
  ['a', 'a = 7', 'a'],
  ['b', 'b = 7', 'b'],
  ['b', 'b = 7', 'b'],
  ['a desc', 'a = 7', 'a desc'],
  ['b nulls first', 'b = 7', 'b nulls first'],
  ['c', "c = '7'", 'c'],
  ['c text_pattern_ops', "c like '7%'", null],
  ['c collate "C"', `c collate "C" = '7'`, 'c collate "C"'],
  ['e varchar_pattern_ops', "e like '7%'", null],
  ['e text_pattern_ops', "e like '7%'", null],
  ['lower(c)', "lower(c) = '7'", 'lower(c)'],
  ['(a + b)', 'a + b = 7', 'a + b'],
]

const OTHERS: [definition: string, condition: string][] = [
  ['using gin (d)', "d @> '{7}'"],
  ['using gin (d) with (fastupdate = off)', "d @> '{7}'"],
  ["using gin (d, to_tsvector('simple', c))", "d @> '{7}'"],
  ['using hash (a)', 'a = 7'],
  ['using hash (a)', 'a = 7'],
  ['using brin (b)', 'b = 7'],
  ['using brin (a, b)', 'a = 7'],
  ['using gist (g)', "g && '[7,8)'"],
  ['using gist (g) include (a)', "g && '[7,8)'"],
]

const PREDICATES = ['', '', '', '', 'a > 5', 'b is not null', 'a > 5 and b > 5']

const btree = fc
  .record({
    keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3, selector: ([key]) => key }),
    include: fc.constantFrom('', '', '', '', 'b', 'a, c'),
    predicate: fc.constantFrom(...PREDICATES),
    unique: fc.constantFrom(false, false, false, true),
  })
  .map(({ keys, include, predicate, unique }): RandomIndex => {
    const where = predicate === '' ? '' : ` where ${predicate}`
    const orders = keys.map(([, , order]) => order)
    return {
      definition: `(${keys.map(([key]) => key).join(', ')})${include === '' ? '' : ` include (${include})`}${where}`,
      unique,
      condition: keys[0]?.[1] ?? 'true',
      order: orders.includes(null) ? null : orders.join(', '),
      predicate,
      arbiter: unique ? `(${keys.map(([key]) => key.replace(/ (desc|nulls first)$/, '')).join(', ')})${where}` : null,
    }
  })

const other = fc
  .constantFrom(...OTHERS)
  .map(([definition, condition]): RandomIndex => ({ definition, unique: false, condition, order: null, predicate: '', arbiter: null }))

const MORE = [
  'add primary key (a)',
  'add unique (b)',
  'add unique (a, b) deferrable',
  'add exclude using gist (g with &&)',
  'add constraint refers_a foreign key (a) references parent',
  'add constraint refers_b foreign key (b) references parent',
  'replica identity using index i0',
  'cluster on i1',
]

export const randomCatalog: fc.Arbitrary<RandomCatalog> = fc.record({
  indexes: fc.array(fc.oneof({ weight: 4, arbitrary: btree }, { weight: 1, arbitrary: other }), { minLength: 4, maxLength: 14 }),
  more: fc.uniqueArray(fc.constantFrom(...MORE), { maxLength: 4 }).map((some) => some.map((rest) => `alter table t ${rest}`)),
  asked: fc.uniqueArray(fc.constantFrom('a = 7', 'b = 7', "lower(c) = '7'", 'a = 7 and b = 7', "d @> '{7}'", 'a = 9 and a > 5'), {
    maxLength: 3,
  }),
})
