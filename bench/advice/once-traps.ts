import { asks, asksKey, type Trap, table } from './trap'

/** What only some types or extensions have. Each is made once. */
export const onceTraps: Trap[] = [
  {
    name: 'computed',
    once: true,
    sql: (t, kind) => [
      ...table(t, kind),
      `alter table ${t} add s text`,
      `update ${t} set s = 'N' || a`,
      `create index ${t}_s on ${t} (s)`,
      `create index ${t}_l on ${t} (lower(s))`,
      `create index ${t}_m on ${t} (lower(s))`,
      `create index ${t}_lb on ${t} (lower(s), b)`,
      `create index ${t}_p on ${t} (s text_pattern_ops)`,
      `create index ${t}_cc on ${t} (s collate "C")`,
    ],
    labels: { pkey: 'keep', s: 'open', l: 'redundant', m: 'redundant', lb: 'keep', p: 'open', cc: 'open' }, // where the database sorts as C, each of s, p and cc serves all three,
    workload: (t) => [
      asksKey(t),
      `select id from ${t} where s = 'N17'`,
      `select id from ${t} where lower(s) = 'n17'`,
      `select id from ${t} where lower(s) = 'n17' and b = 3`,
      `select id from ${t} where s like 'N17%'`,
      `select id from ${t} where s collate "C" < 'N10'`,
    ],
  },
  {
    name: 'signatures', // operator class parameters
    once: true,
    sql: (t, kind) => [
      ...table(t, kind),
      `alter table ${t} add s text`,
      `update ${t} set s = md5(id::text)`,
      `create index ${t}_small on ${t} using gist (s gist_trgm_ops (siglen = 12))`,
      `create index ${t}_large on ${t} using gist (s gist_trgm_ops (siglen = 256))`,
    ],
    labels: { pkey: 'keep', small: 'open', large: 'keep' },
    workload: (t) => [asksKey(t), `select id from ${t} where s like '%abcdef%'`],
  },
  {
    name: 'wide', // the covering partner costs a hundred times the pages
    once: true,
    sql: (t, kind) => [
      ...table(t, kind),
      `alter table ${t} add w text`,
      `update ${t} set w = (select string_agg(md5(id * 100 + g || ''), '') from generate_series(1, 12) g), a = id % 40`,
      `create index ${t}_a on ${t} (a)`,
      `create index ${t}_aw on ${t} (a, w)`,
    ],
    labels: { pkey: 'keep', a: 'keep', aw: 'open' },
    workload: (t, kind) => [asksKey(t), asks(t, kind, 'a', 'count(*)'), `select id from ${t} where a = 17 and w = 'x'`],
  },
  {
    name: 'exclusion',
    once: true,
    sql: (t) => [
      `create table ${t} (id int primary key, room int, during tsrange, constraint ${t}_x exclude using gist (room with =, during with &&))`,
      `insert into ${t} select g, g, tsrange(timestamp '2026-01-01', timestamp '2026-01-02') from generate_series(1, 5000) g`,
      `create index ${t}_room on ${t} (room)`,
    ],
    labels: { pkey: 'keep', x: 'keep', room: 'open' },
    workload: (t) => [`select id from ${t} where id = 17`],
  },
  {
    name: 'documents',
    once: true,
    sql: (t) => [
      `create table ${t} (id int primary key, doc jsonb, tags int[])`,
      `insert into ${t} select g, jsonb_build_object('k', g), array[g, g + 1] from generate_series(1, 10000) g`,
      `create index ${t}_doc on ${t} using gin (doc)`,
      `create index ${t}_path on ${t} using gin (doc jsonb_path_ops)`,
      `create index ${t}_tags on ${t} using gin (tags)`,
      `create index ${t}_intarray on ${t} using gin (tags gin__int_ops)`,
    ],
    labels: { pkey: 'keep', doc: 'keep', path: 'open', tags: 'open', intarray: 'open' },
    workload: (t) => [
      `select id from ${t} where id = 17`,
      `select id from ${t} where doc ? 'nothing'`,
      `select id from ${t} where doc @> '{"k": 17}'`,
      `select id from ${t} where tags @> array[17]`,
    ],
  },
  {
    name: 'refreshed', // REFRESH MATERIALIZED VIEW CONCURRENTLY needs it
    once: true,
    sql: (t, kind) => [
      ...table(`${t}_base`, kind),
      `create materialized view ${t} as select id, a from ${t}_base`,
      `create unique index ${t}_id on ${t} (id)`,
      `create index ${t}_a on ${t} (a)`,
    ],
    labels: { base_pkey: 'keep', id: 'keep', a: 'unused' },
    workload: (t) => [`select a from ${t}_base where id = 17`, `select count(*) from ${t}`],
  },
  {
    name: 'beyond_the_key',
    once: true,
    sql: (t, kind) => [
      ...table(t, kind),
      `create index ${t}_id on ${t} (id)`,
      `create index ${t}_ida on ${t} (id, a)`,
      `create index ${t}_deferred on ${t} (c)`,
      `alter table ${t} add constraint ${t}_later unique (c) deferrable`,
    ],
    labels: { pkey: 'keep', id: 'redundant', ida: 'open', deferred: 'redundant', later: 'keep' },
    workload: (t, kind) => [asksKey(t), asks(t, kind, 'c'), `select id from ${t} where id = 17 and a = 17`],
  },
]
