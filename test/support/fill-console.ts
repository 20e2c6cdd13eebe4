import type { Client } from 'pg'
import { keepPartitions } from '../../db/history/partitions'
import { readRetention } from '../../db/history/retention'
import { identifier, literal, qualified } from '../../db/server/identifiers'

interface Column {
  name: string
  type: string
  /** The column that it refers to, as `schema.table` and name. */
  refers: { table: string; column: string } | null
}

interface Table {
  relation: string
  columns: Column[]
  /** pg_get_expr of a partition's bound. */
  bound: string | null
}

/** Texts that a text format could take for something else. */
const TEXTS = ['\\N', '\\.', 'tab\there', 'line\nfeed\r\n', 'back\\slash\\t', ' spaces ', `it's "quoted"`, 'ünï😀', '', 'NULL', '\u0001']

const DAY_MS = 86_400_000

/** For tests: whatever tables and columns a console database has by now, as the catalog tells them. */
async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(/* sql */ `
select c.oid::regclass::text as relation, pg_get_expr(c.relpartbound, c.oid) as bound,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', a.atttypid::regtype::text, 'refers',
                 (select jsonb_build_object('table', k.confrelid::regclass::text, 'column', r.attname)
                    from pg_constraint k join pg_attribute r on r.attrelid = k.confrelid and r.attnum = k.confkey[1]
                   where k.contype = 'f' and k.conrelid = c.oid and k.conkey = array[a.attnum] limit 1)) order by a.attnum)
          from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = '') as columns
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'audit'
 order by c.relname`)
  return rows
}

/** A value of a type; two of different `n` differ, but for booleans. */
function exampleOf(type: string, n: number): string {
  const text = `${TEXTS[n % TEXTS.length]}${n}`
  switch (type) {
    case 'text':
      return literal(text)
    case 'text[]':
      return `array[${literal(text)}, ${literal('a, "b" {c}')}]`
    case 'jsonb':
      return `${literal(JSON.stringify({ [text]: [n, null, { deep: text, n: '9007199254740993' }] }))}::jsonb`
    case 'boolean':
      return String(n % 2 === 0)
    case 'uuid':
      return `md5('${n}')::uuid`
    case 'timestamp with time zone':
      return `timestamptz '2026-03-01 00:00:00.123456+01' + interval '${n} hours 1 microsecond'`
    case 'real':
    case 'double precision':
      return n % 3 === 0 ? `'NaN'` : String(n / 3)
    default: // numbers and oid
      return String(n)
  }
}

const rowOf = ({ columns }: Table, n: number, fixed: Record<string, string> = {}): string =>
  columns
    .map(({ name, type, refers }) => {
      const referred = refers && `(select ${identifier(refers.column)} from ${refers.table} order by 1 offset ${n - 1} limit 1)`
      return fixed[name] ?? referred ?? exampleOf(type, n)
    })
    .join(', ')

const insert = (client: Client, table: Table, rows: string[]) =>
  client.query(
    `insert into ${table.relation} (${table.columns.map(({ name }) => identifier(name))}) values ${rows.map((row) => `(${row})`)}`,
  )

/**
 * For tests: puts rows of every type into every table of a console database but the audit, and partitions of three days with rows
 * into every series. Tables that migrations have filled stay as they are.
 */
export async function fillConsole(client: Client, now = new Date('2026-11-20T00:00:00Z')): Promise<void> {
  for (const days of [0, 1, 2]) {
    await client.query('begin')
    await keepPartitions((text, values) => client.query(text, values), new Date(now.getTime() + days * DAY_MS), readRetention({}))
    await client.query('commit')
  }
  const tables = await tablesOf(client)
  const waiting = new Set(tables.filter(({ bound }) => bound === null))
  while (waiting.size > 0) {
    const open = new Set([...waiting].map(({ relation }) => relation))
    const ready = [...waiting].filter(({ relation, columns }) =>
      columns.every(({ refers }) => !refers || refers.table === relation || !open.has(refers.table)),
    )
    if (ready.length === 0) throw new Error(`Foreign keys in a circle: ${[...open]}`)
    for (const table of ready) {
      waiting.delete(table)
      const { rows } = await client.query(`select from ${table.relation} limit 1`)
      if (rows.length === 0)
        await insert(
          client,
          table,
          [1, 2, 3].map((n) => rowOf(table, n)),
        )
    }
  }
  for (const table of tables) {
    const from = /FROM \('([^']+)'\)/.exec(table.bound ?? '')?.[1]
    const step = /_(\d+)_p\d+$/.exec(table.relation)?.[1]
    if (!from || !step) continue
    const rows = [1, 2, 3].map((n) => rowOf(table, n, { at: `timestamptz '${from}' + interval '${n} seconds'`, step, server: '1' }))
    await insert(client, table, rows)
  }
}

/** For tests: all rows of a console database by table, each as text, in order; without Drizzle's and pg-boss's. */
export async function rowsOf(client: Client, without: string[] = []): Promise<Record<string, string[]>> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    /* sql */ `
select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss', 'drizzle') and c.relname <> all ($1)
 order by 1, 2`,
    [without],
  )
  const found: Record<string, string[]> = {}
  await client.query(`set timezone = 'UTC'; set extra_float_digits = 3`)
  for (const { schema, name } of rows) {
    const of = await client.query(`select t::text as row from ${qualified(schema, name)} t order by 1`)
    found[`${schema}.${name}`] = of.rows.map(({ row }) => row)
  }
  return found
}

/** For tests: what the catalog says of a console database's making: columns, keys, indexes, triggers, functions, partitions, migrations. */
export async function makingOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(/* sql */ `
select format('column %s %s %s %s %s %s', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
union all select format('constraint %s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
union all select indexdef from pg_indexes where schemaname = 'public'
union all select format('trigger %s %s', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
union all select format('partition %s %s', oid::regclass, pg_get_expr(relpartbound, oid)) from pg_class where relispartition and relkind in ('r', 'p')
union all select format('migration %s %s', hash, created_at) from drizzle.__drizzle_migrations
order by 1`)
  return rows.map(({ line }) => line)
}
