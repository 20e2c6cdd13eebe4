/** One foreign key with what stands beside it, and whether an index serves the key's own check. */
export interface KeyTrap {
  name: string
  since?: number
  /** The referencing table is `name`, the key `name_fk`; it refers to key_parent (id), key_texts (code) or key_pairs (x, y). */
  sql: (table: string) => string[]
  /** unserved: the check must say so. served: it must not. checkless: the key has no check to serve. */
  key: 'served' | 'unserved' | 'checkless'
  /** Of each list of indexes, by their suffix, at least one must stay; none of them is scanned. */
  oneKept?: string[][]
  /** Indexes that serve nothing and should go. */
  useless?: string[]
}

export const KEY_PARENTS = [
  'create table key_parent (id int primary key)',
  'insert into key_parent select generate_series(1, 5000)',
  'create table key_texts (code text primary key)',
  'insert into key_texts select md5(g::text) from generate_series(1, 5000) g',
  'create table key_pairs (x int, y int, primary key (x, y))',
  'insert into key_pairs select g % 500, g from generate_series(1, 5000) g',
]

const toParent = (t: string, index: string): string[] => [
  `create table ${t} (id int primary key, p int constraint ${t}_fk references key_parent, q int, deleted timestamptz)`,
  `insert into ${t} select g, g, g from generate_series(1, 5000) g`,
  index,
]
const toTexts = (t: string, index: string): string[] => [
  `create table ${t} (id int primary key, p text constraint ${t}_fk references key_texts, q int)`,
  `insert into ${t} select g, md5(g::text), g from generate_series(1, 5000) g`,
  index,
]
const toPairs = (t: string, index: string): string[] => [
  `create table ${t} (id int primary key, x int, y int, q int, constraint ${t}_fk foreign key (x, y) references key_pairs)`,
  `insert into ${t} select g, g % 500, g, g from generate_series(1, 5000) g`,
  index,
]

const served = (name: string, sql: KeyTrap['sql']): KeyTrap => ({ name, sql, key: 'served', oneKept: [['i']] })
const unserved = (name: string, sql: KeyTrap['sql']): KeyTrap => ({ name, sql, key: 'unserved' })

export const keyTraps: KeyTrap[] = [
  served('fk_btree', (t) => toParent(t, `create index ${t}_i on ${t} (p)`)),
  served('fk_leading', (t) => toParent(t, `create index ${t}_i on ${t} (p, q)`)),
  served('fk_hash', (t) => toParent(t, `create index ${t}_i on ${t} using hash (p)`)),
  served('fk_gist', (t) => toParent(t, `create index ${t}_i on ${t} using gist (p)`)),
  served('fk_gin', (t) => toParent(t, `create index ${t}_i on ${t} using gin (p)`)),
  served('fk_not_null', (t) => toParent(t, `create index ${t}_i on ${t} (p) where p is not null`)),
  served('fk_descending', (t) => toParent(t, `create index ${t}_i on ${t} (p desc nulls last)`)),
  served('fk_pattern', (t) => toTexts(t, `create index ${t}_i on ${t} (p text_pattern_ops)`)),
  served('fk_text', (t) => toTexts(t, `create index ${t}_i on ${t} (p)`)),
  served('fk_pair', (t) => toPairs(t, `create index ${t}_i on ${t} (x, y)`)),
  served('fk_pair_turned', (t) => toPairs(t, `create index ${t}_i on ${t} (y, x)`)),
  served('fk_pair_part', (t) => toPairs(t, `create index ${t}_i on ${t} (y)`)),
  served('fk_pair_partial', (t) => toPairs(t, `create index ${t}_i on ${t} (y, x) where x is not null and y is not null`)),
  served('fk_pair_wider', (t) => toPairs(t, `create index ${t}_i on ${t} (x, y, q)`)),
  {
    name: 'fk_two',
    key: 'served',
    oneKept: [['i', 'j']],
    sql: (t) => [...toParent(t, `create index ${t}_i on ${t} (p, q)`), `create index ${t}_j on ${t} (p, deleted)`],
  },
  {
    name: 'fk_both', // the wrong one older
    key: 'served',
    oneKept: [['right']],
    useless: ['wrong'],
    sql: (t) => [...toTexts(t, `create index ${t}_wrong on ${t} (p collate "und-x-icu")`), `create index ${t}_right on ${t} (p)`],
  },
  unserved('fk_none', (t) => toParent(t, `create index ${t}_q on ${t} (q)`)),
  unserved('fk_second', (t) => toParent(t, `create index ${t}_i on ${t} (q, p)`)),
  unserved('fk_include', (t) => toParent(t, `create index ${t}_i on ${t} (q) include (p)`)),
  unserved('fk_predicate', (t) => toParent(t, `create index ${t}_i on ${t} (p) where deleted is null`)),
  unserved('fk_expression', (t) => toTexts(t, `create index ${t}_i on ${t} (lower(p))`)),
  unserved('fk_collation', (t) => toTexts(t, `create index ${t}_i on ${t} (p collate "und-x-icu")`)),
  unserved('fk_brin_less', (t) => toPairs(t, `create index ${t}_i on ${t} (q)`)),
  {
    name: 'fk_partition_own',
    key: 'served',
    oneKept: [['i']],
    sql: (t) => [
      `create table ${t} (p int, k int) partition by list (k)`,
      `create table ${t}_p1 partition of ${t} for values in (1)`,
      `insert into ${t} select g, 1 from generate_series(1, 5000) g`,
      `alter table ${t}_p1 add constraint ${t}_fk foreign key (p) references key_parent`,
      `create index ${t}_i on ${t} (p)`,
    ],
  },
  {
    name: 'fk_local',
    key: 'served',
    oneKept: [['i1'], ['i2']],
    sql: (t) => [
      `create table ${t} (p int, k int, constraint ${t}_fk foreign key (p) references key_parent) partition by list (k)`,
      `create table ${t}_p1 partition of ${t} for values in (1)`,
      `create table ${t}_p2 partition of ${t} for values in (2)`,
      `insert into ${t} select g, 1 + g % 2 from generate_series(1, 5000) g`,
      `create index ${t}_i1 on ${t}_p1 (p)`,
      `create index ${t}_i2 on ${t}_p2 (p)`,
    ],
  },
  {
    name: 'fk_unenforced',
    since: 18,
    key: 'checkless',
    sql: (t) => [
      `create table ${t} (id int primary key, p int, constraint ${t}_fk foreign key (p) references key_parent not enforced)`,
      `insert into ${t} select g, g from generate_series(1, 5000) g`,
    ],
  },
  {
    name: 'fk_self',
    key: 'unserved',
    sql: (t) => [
      `create table ${t} (id int primary key, p int constraint ${t}_fk references ${t})`,
      `insert into ${t} select g, g from generate_series(1, 5000) g`,
    ],
  },
]
