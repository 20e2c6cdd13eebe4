/**
 * A second set of b-trees, to see whether what is right for the first one is right for its reason: partial indexes of
 * every form, statistics that somebody tuned, partitions, skew that is no power of the rank, NULLs that come together,
 * and the types that have a format of their own.
 */
import { random, type Shape, uniform, word, zipf } from './bloat-lab-shapes'

const small = (salt: number, values: number): string => `(${random(salt)} % ${values})::int`
const moment = (salt: number): string => `timestamptz '2026-01-01' + ${random(salt)} % 90000000 * interval '1 second'`

/** Partial indexes: what holds for the table does not hold for the rows of the predicate. */
const partial: Shape[] = [
  {
    name: 'where not null, text',
    columns: 'k text',
    values: [`case when ${random(2)} % 10 = 0 then 'user' || ${random(1)} % 100000000 end`],
    index: '(k) where k is not null',
  },
  {
    name: 'where not null, few',
    columns: 'k int',
    values: [`case when ${random(2)} % 5 = 0 then ${small(1, 700)} end`],
    index: '(k) where k is not null',
  },
  {
    name: 'where positive',
    columns: 'k int, b int',
    values: [`case when ${random(2)} % 4 = 0 then ${small(1, 3000)} - 1000 end`, small(3, 100)],
    index: '(k, b) where k > 0',
  },
  {
    name: 'where one status',
    columns: 'status text, due date',
    values: [`(array['open', 'shipped', 'closed', 'closed', 'closed'])[1 + ${small(1, 5)}]`, `date '2026-01-01' + ${small(2, 300)}`],
    index: "(status, due) where status = 'open'",
  },
  {
    name: 'where null',
    columns: 'k bigint, gone timestamptz',
    values: [random(1), `case when ${random(2)} % 10 < 7 then ${moment(3)} end`],
    index: '(k, gone) where gone is null',
  },
  {
    name: 'where of another column',
    columns: 'k int, gone timestamptz',
    values: [small(1, 900), `case when ${random(2)} % 10 < 6 then ${moment(3)} end`],
    index: '(k) where gone is null',
  },
  {
    name: 'where two, one in the key',
    columns: 'mail text, gone boolean',
    values: [`case when ${random(2)} % 3 = 0 then left(${word(1)}, 10) || '@example.org' end`, `${random(3)} % 8 = 0`],
    index: '(mail) where mail is not null and not gone',
  },
]

/** Copies that are spread as life spreads them. */
const skewed: Shape[] = [
  {
    name: 'half hot, half alone',
    columns: 'k bigint',
    values: [`case when ${random(2)} % 2 = 0 then ${random(1)} % 20 else ${random(3)} end`],
    index: '(k)',
  },
  {
    name: 'two crowds',
    columns: 'k int',
    values: [`case when ${random(2)} % 5 > 0 then ${small(1, 1000)} else 1000 + ${small(3, 100_000)} end`],
    index: '(k)',
  },
  {
    name: 'log-normal',
    columns: 'k int',
    values: [`exp(9 + 1.5 * (${[3, 4, 5, 6].map(uniform).join(' + ')} - 2) / 0.577)::int`],
    index: '(k)',
  },
  { name: 'steep', columns: 'k int', values: [`least(1e9, power(1 - ${uniform(1)}, -1.1))::int`], index: '(k)' },
  {
    name: 'zipf, more statistics',
    columns: 'k int',
    values: [zipf(1, 50_000)],
    index: '(k)',
    also: (t) => `alter table ${t} alter k set statistics 1000`,
  },
  {
    name: 'zipf, less statistics',
    columns: 'k int',
    values: [zipf(1, 50_000)],
    index: '(k)',
    also: (t) => `alter table ${t} alter k set statistics 10`,
  },
  {
    name: 'n_distinct by hand',
    columns: 'k int',
    values: [small(1, 20_000)],
    index: '(k)',
    also: (t) => `alter table ${t} alter k set (n_distinct = 20000)`,
  },
  { name: 'order lines', columns: 'k bigint', values: [`floor(power(id, 0.93))::bigint + 10000000 * version`], index: '(k)' },
  {
    name: 'by the minute',
    columns: 'k timestamptz',
    values: [`date_trunc('minute', timestamptz '2026-01-01' + ${random(1)} % 2000000 * interval '1 second')`],
    index: '(k)',
  },
  {
    name: 'partition',
    columns: 'k int, day date',
    values: [zipf(1, 5000), `date '2026-01-01' + ${small(2, 30)}`],
    index: '(day, k)',
    also: (t) => `create table ${t}_root (like ${t}) partition by range (day); alter table ${t}_root attach partition ${t} default`,
  },
  {
    name: 'partition, one key',
    columns: 'k int',
    values: [small(1, 4000)],
    index: '(k)',
    also: (t) => `create table ${t}_root (like ${t}) partition by range (k); alter table ${t}_root attach partition ${t} default`,
  },
]

/** NULLs and columns that go together. */
const together: Shape[] = [
  {
    name: 'both or none',
    columns: 'a bigint, b bigint',
    values: [`case when ${random(3)} % 2 = 0 then ${random(1)} end`, `case when ${random(3)} % 2 = 0 then ${random(2)} end`],
    index: '(a, b)',
  },
  {
    name: 'one or the other',
    columns: 'a int, b int',
    values: [`case when ${random(3)} % 2 = 0 then ${small(1, 4000)} end`, `case when ${random(3)} % 2 = 1 then ${small(2, 4000)} end`],
    index: '(a, b)',
  },
  {
    name: 'tenant and number',
    columns: 'tenant int, num bigint',
    values: [zipf(2, 300), 'id + 10000000 * version'],
    index: '(tenant, num)',
  },
  {
    name: 'tenant and state',
    columns: 'tenant int, state text',
    values: [zipf(2, 300), `'state' || ${small(1, 6)}`],
    index: '(tenant, state)',
  },
  {
    name: 'two texts',
    columns: 'a text, b text',
    values: [`left(${word(1)}, 3 + ${small(2, 9)})`, `left(${word(3)}, 2 + ${small(4, 20)})`],
    index: '(a, b)',
  },
  {
    name: 'unique pair',
    columns: 'a int, b text',
    values: [small(1, 1000), `left(${word(2)}, 8) || id || version`],
    index: '(a, b)',
    unique: true,
  },
]

/** Types with a format of their own. */
const types: Shape[] = [
  { name: 'array', columns: 'k int[]', values: [`array[${small(1, 1000)}, ${small(2, 1000)}]`], index: '(k)' },
  {
    name: 'array of any length',
    columns: 'k text[]',
    values: [`(array['red', 'green', 'blue', 'black', 'white'])[1 + ${small(1, 3)} : 2 + ${small(2, 4)}]`],
    index: '(k)',
  },
  { name: 'range', columns: 'k int4range', values: [`int4range(${small(1, 100_000)}, 100000 + ${small(2, 9)})`], index: '(k)' },
  {
    name: 'time range',
    columns: 'k tstzrange',
    values: [`tstzrange(${moment(1)}, case when ${random(2)} % 2 = 0 then timestamptz '2030-01-01' end)`],
    index: '(k)',
  },
  { name: 'citext', columns: 'k citext', values: [`('User.' || ${small(1, 30_000)} || '@example.org')::citext`], index: '(k)' },
  { name: 'inet', columns: 'k inet', values: [`'10.0.0.0'::inet + ${random(1)} % 16000000`], index: '(k)' },
  { name: 'bytea', columns: 'k bytea', values: [`decode(${word(1)}, 'hex')`], index: '(k)' },
  { name: 'interval', columns: 'k interval', values: [`${small(1, 5000)} * interval '1 minute'`], index: '(k)' },
  { name: 'jsonb', columns: 'k jsonb', values: [`jsonb_build_object('a', ${small(1, 500)}, 'b', 'x')`], index: '(k)' },
  {
    name: 'numeric, wide',
    columns: 'k numeric',
    values: [`(${random(1)}::numeric * ${random(2)} / power(10::numeric, ${small(3, 8)}))`],
    index: '(k)',
  },
  { name: 'float', columns: 'k float8', values: [uniform(1)], index: '(k)' },
  { name: 'boolean', columns: 'k boolean', values: [`${random(1)} % 9 = 0`], index: '(k)' },
  { name: 'accents', columns: 'k varchar(40)', values: [`repeat('é', 1 + ${small(2, 12)}) || ${small(1, 90_000)}`], index: '(k)' },
  { name: 'text, dedup off', columns: 'k text', values: [`'status ' || ${small(1, 8)}`], index: '(k) with (deduplicate_items = off)' },
  {
    name: 'include text',
    columns: 'k int, note text',
    values: [small(1, 100_000), `left(${word(2)}, ${small(3, 32)})`],
    index: '(k) include (note)',
  },
  {
    name: 'text of two kinds',
    columns: 'k text',
    values: [`case when ${random(2)} % 20 = 0 then repeat(${word(1)}, 6) else left(${word(1)}, 6) end`],
    index: '(k)',
  },
  {
    name: 'wide text',
    columns: 'k text',
    values: [`repeat(${word(1)}, 3) || ${word(2)} || ${word(3)} || ${word(4)} || ${word(5)} || left(${word(6)}, ${small(7, 30)})`],
    index: '(k)',
  },
  {
    name: 'uuid, few, fillfactor 60',
    columns: 'k uuid',
    values: [`md5((${random(1)} % 2500)::text)::uuid`],
    index: '(k) with (fillfactor = 60)',
  },
]

export const more: Shape[] = [...partial, ...skewed, ...together, ...types]
