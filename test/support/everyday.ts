import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Client } from 'pg'

/** A statement as applications send it. */
export interface Everyday {
  sql: string
  /** Values of $1 … $n, sent apart from the text. */
  values?: unknown[]
  /** The types that the driver names for them; inferred by the server where left out. */
  types?: string[]
  /** How a prepared one is executed. */
  execute?: string
  /** The first major that knows it. */
  since: number
}

/** The statements of test/support/statements/<name>.sql: one a line, and after ` -- ` what belongs to it. */
export const everyday = (name: string): Everyday[] =>
  readFileSync(path.join(import.meta.dirname, `statements/${name}.sql`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--'))
    .map((line) => {
      const [sql = '', ...notes] = line.split(' -- ')
      const note = (word: string) => notes.find((one) => one.startsWith(`${word} `))?.slice(word.length + 1)
      const values = note('with')
      return {
        sql,
        ...(values && { values: JSON.parse(values) }),
        ...(note('types') && { types: note('types')?.split(', ') }),
        ...(note('execute') && { execute: note('execute') }),
        since: Number(note('since') ?? 0),
      }
    })

/** What the statements stand on. */
export const EVERYDAY_TABLES = `
  create table cust (id bigint primary key, name text, meta jsonb, active boolean default true, created timestamptz default now());
  create table ord (id bigserial primary key, cust_id bigint references cust, status text, amount numeric, n int, ts timestamptz default now(), d date default current_date, tags text[], doc jsonb);
  insert into cust select g, 'c' || g, '{"a":1}' from generate_series(1, 100) g;
  insert into ord (cust_id, status, amount, n, tags, doc) select g % 100 + 1, 'paid', g, g, '{a,b}', '{"a":{"b":1}}' from generate_series(1, 1000) g;
  create type mood as enum ('bad', 'good');
  create domain positive as int check (value > 0);
  create table shop_customer (id bigint primary key, name varchar(100), email text, meta jsonb, active boolean default true, visits int default 0, feeling mood, created timestamptz default now());
  create table shop_order (id bigserial primary key, customer_id bigint references shop_customer, status varchar(20), total numeric(10, 2) default 0, placed timestamptz default now(), tags text[], doc jsonb, doc2 jsonb);
  create table category (id int primary key, parent_id int, name text);
  create table numbers (n int, x float8);
  create table booking (room int, during tstzrange);
  insert into shop_customer (id, name, meta) select g, 'c' || g, '{"a":1}' from generate_series(1, 200) g;
  insert into shop_order (customer_id, status, total, tags, doc) select g % 100 + 1, 'paid', g, '{a,b}', '{"a":{"b":1},"n":"7","items":[{"id":1}]}' from generate_series(1, 1000) g;
  insert into numbers select g, g from generate_series(1, 100) g;
  create index on shop_order (customer_id);
  analyze`

const literal = (value: unknown): string => (Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`)

/** Sends a statement as its application does, takes it back, and gives the text that pg_stat_statements keeps of it. */
export async function textKept(client: Client, { sql, values = [], types, execute }: Everyday): Promise<string> {
  const here = '(select oid from pg_database where datname = current_database())'
  await client.query(`select pg_stat_statements_reset(0, ${here}, 0)`)
  await client.query('begin')
  if (types) {
    // A driver names the types beside the text; in SQL they stand before it, and are taken away again below.
    await client.query(`prepare of_driver (${types.join(', ')}) as ${sql}`)
    await client.query(`execute of_driver (${values.map(literal).join(', ')})`)
    await client.query('deallocate of_driver')
  } else await client.query(sql, values)
  if (execute) await client.query(`execute ${execute}`)
  await client.query('rollback')
  await client.query('deallocate all')
  const { rows } = await client.query(
    `select query from pg_stat_statements where dbid = ${here} and query !~* 'pg_stat_statements|^(begin|rollback|deallocate)' order by calls desc, length(query) desc`,
  )
  return rows[0].query.replace(/^prepare of_driver .*? as /, '')
}
