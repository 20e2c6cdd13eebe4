import { asks, asksKey, type Trap, table } from './trap'

const both =
  (...columns: string[]): NonNullable<Trap['workload']> =>
  (name, kind) => [asksKey(name), ...columns.map((column) => asks(name, kind, column))]

/** Indexes that differ in what they enforce, order, hold or serve, each with what is right to say of it. */
export const indexTraps: Trap[] = [
  {
    name: 'plain',
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_a on ${t} (a)`,
      `create index ${t}_b on ${t} (b)`,
      `create unique index ${t}_c on ${t} (c)`,
    ],
    labels: { pkey: 'keep', a: 'keep', b: 'unused', c: 'keep' },
    workload: both('a'),
  },
  {
    name: 'unread', // a table that nobody reads is no evidence
    sql: (t, kind) => [...table(t, kind), `create index ${t}_a on ${t} (a)`],
    labels: { pkey: 'keep', a: 'keep' },
  },
  {
    name: 'twins',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_x on ${t} (a)`, `create index ${t}_y on ${t} (a)`],
    labels: { pkey: 'keep', x: 'redundant', y: 'redundant' },
    oneStays: [['x', 'y']],
    workload: both('a'),
  },
  {
    name: 'triplets',
    sql: (t, kind) => [...table(t, kind), ...['x', 'y', 'z'].map((i) => `create index ${t}_${i} on ${t} (b)`)],
    labels: { pkey: 'keep', x: 'redundant', y: 'redundant', z: 'redundant' },
    oneStays: [['x', 'y', 'z']],
    workload: both('b'),
  },
  {
    name: 'prefix',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_a on ${t} (a)`, `create index ${t}_ab on ${t} (a, b)`],
    labels: { pkey: 'keep', a: 'redundant', ab: 'keep' },
    workload: both('a', 'b = a and a'),
  },
  {
    name: 'chain', // only the shortest is scanned: what stays inherits its scans
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_a on ${t} (a)`,
      `create index ${t}_ab on ${t} (a, b)`,
      `create index ${t}_abc on ${t} (a, b, c)`,
    ],
    labels: { pkey: 'keep', a: 'redundant', ab: 'redundant', abc: 'keep' },
    workload: both('a'),
  },
  {
    name: 'beside_unique',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_c on ${t} (c)`, `create unique index ${t}_u on ${t} (c)`],
    labels: { pkey: 'keep', c: 'redundant', u: 'keep' },
    workload: both('c'),
  },
  {
    name: 'unique_prefix', // enforces what the longer one does not
    sql: (t, kind) => [...table(t, kind), `create unique index ${t}_c on ${t} (c)`, `create index ${t}_ca on ${t} (c, a)`],
    labels: { pkey: 'keep', c: 'keep', ca: 'open' },
    workload: both('c', 'c = a and c'),
  },
  {
    name: 'order',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_ab on ${t} (a, b)`, `create index ${t}_ba on ${t} (b, a)`],
    labels: { pkey: 'keep', ab: 'keep', ba: 'keep' },
    workload: both('a', 'b'),
  },
  {
    name: 'nulls_first',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_ab on ${t} (a, b)`, `create index ${t}_mixed on ${t} (a, b desc)`],
    labels: { pkey: 'keep', ab: 'keep', mixed: 'keep' },
    workload: (t, kind) => [
      asksKey(t),
      `select * from ${t} order by a, b limit 5`,
      `select * from ${t} order by a, b desc limit 5`,
      asks(t, kind, 'a'),
    ],
  },
  {
    name: 'partials',
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_low on ${t} (a) where id < 2000`,
      `create index ${t}_high on ${t} (a) where id >= 2000`,
      `create index ${t}_same on ${t} (a) where id >= 2000`,
    ],
    labels: { pkey: 'keep', low: 'keep', high: 'redundant', same: 'redundant' },
    oneStays: [['high', 'same']],
    workload: (t, kind) => [asksKey(t), `${asks(t, kind, 'a')} and id < 2000`, `${asks(t, kind, 'a')} and id >= 2000`],
  },
  {
    name: 'includes',
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_a on ${t} (a) include (b)`,
      `create index ${t}_b on ${t} (a) include (c)`,
      `create index ${t}_all on ${t} (b) include (a, c)`,
    ],
    labels: { pkey: 'keep', a: 'keep', b: 'keep', all: 'unused' },
    workload: (t, kind) => [asksKey(t), asks(t, kind, 'a', 'a, b'), asks(t, kind, 'a', 'a, c')],
  },
  {
    name: 'hashed',
    sql: (t, kind) => [...table(t, kind), `create index ${t}_a on ${t} using hash (a)`, `create index ${t}_h on ${t} using hash (a)`],
    labels: { pkey: 'keep', a: 'redundant', h: 'redundant' },
    oneStays: [['a', 'h']],
    workload: both('a'),
  },
  {
    name: 'replica', // the replica identity
    sql: (t, kind) => [
      ...table(t, kind, `, r int not null default 0`),
      `update ${t} set r = id`,
      `create unique index ${t}_r on ${t} (r)`,
      `alter table ${t} replica identity using index ${t}_r`,
    ],
    labels: { pkey: 'keep', r: 'keep' },
    workload: (t) => [asksKey(t)],
  },
  {
    name: 'nulls_distinct',
    since: 15,
    sql: (t, kind) => [
      ...table(t, kind),
      `create unique index ${t}_d on ${t} (c)`,
      `create unique index ${t}_n on ${t} (c) nulls not distinct`,
    ],
    labels: { pkey: 'keep', d: 'open', n: 'keep' },
    workload: both('c'),
  },
  {
    name: 'leftovers', // what a build that failed leaves, as the catalog then shows it
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_a on ${t} (a)`,
      `create index ${t}_a_ccnew on ${t} (a)`,
      `create index ${t}_b on ${t} (b)`,
      `update pg_index set indisvalid = false where indexrelid = any (array['${t}_a_ccnew', '${t}_b']::regclass[])`,
    ],
    labels: { pkey: 'keep', a: 'keep', a_ccnew: 'invalid', b: 'invalid' },
    workload: both('a'),
  },
  {
    name: 'parts',
    sql: (t, { type, of }) => [
      `create table ${t} (id int, a ${type}, b ${type}, c ${type}) partition by range (id)`,
      ...[0, 1].map((p) => `create table ${t}_p${p} partition of ${t} for values from (${p * 5001}) to (${(p + 1) * 5001})`),
      `insert into ${t} select g, ${of('g % 2000')}, ${of('(g * 7) % 1900')}, ${of('g')} from generate_series(1, 10000) g`,
      `create index ${t}_a on ${t} (a)`,
      `create index ${t}_b on ${t} (b)`,
      `create index ${t}_ab on ${t} (a, b)`,
    ],
    labels: { a: 'redundant', b: 'unused', ab: 'keep' },
    workload: (t, kind) => [asks(t, kind, 'a'), `${asks(t, kind, 'a')} and id < 100`],
  },
]
