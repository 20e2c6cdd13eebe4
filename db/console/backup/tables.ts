import type { Client } from 'pg'
import { qualified } from '../../server/identifiers'
import type { BackupHeader, TableShape } from './backup-file'

/** Made anew wherever it is needed: pg-boss's jobs, which the worker's sweep announces again, and Drizzle's list of migrations. */
const LEFT_OUT = ['pgboss', 'drizzle']

/** Relations of the console database: no system's, no temporary ones, none of an extension. $1: LEFT_OUT. */
const OURS = /* sql */ `
  c.relpersistence <> 't' and n.nspname <> all ($1) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_catalog.pg_depend d
                   where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/**
 * All tables that hold rows, the partitions of partitioned ones each by itself, with the columns that can be written:
 * generated ones are computed anew. Whatever later migrations add is among them.
 */
export async function listTables(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    /* sql */ `
select n.nspname as schema, c.relname as name,
       array(select a.attname::text from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
       case when c.relispartition then
         (select jsonb_build_object('of', p.relname, 'bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid))
            from pg_catalog.pg_inherits i join pg_catalog.pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid)
       end as partition
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and ${OURS}
 order by n.nspname, c.relname`,
    [LEFT_OUT],
  )
  return rows
}

/** Where each sequence stands, of identity columns too. Not of the snapshot, but never before it: a number is at worst left out. */
export async function readSequences(client: Client): Promise<BackupHeader['sequences']> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    /* sql */ `
select n.nspname as schema, c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'S' and ${OURS}
 order by n.nspname, c.relname`,
    [LEFT_OUT],
  )
  const sequences: BackupHeader['sequences'] = []
  for (const { schema, name } of rows) {
    const { rows: at } = await client.query(`select last_value::text as last, is_called as called from ${qualified(schema, name)}`)
    sequences.push({ schema, name, ...at[0] })
  }
  return sequences
}

/** The first thing that stands in a database; undefined where it is empty but for what PostgreSQL and extensions put there. */
export async function firstInhabitant(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    /* sql */ `
select n.nspname || '.' || c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${OURS}
 union all
select nspname from pg_catalog.pg_namespace where nspname = any ($2)
 order by 1 limit 1`,
    [[], LEFT_OUT],
  )
  return rows[0]?.name
}

/** Read in any console and PostgreSQL the same: text by the standard, times in UTC, fractions to the last digit. */
export const PLAIN_TEXT = /* sql */ `
set local search_path = public, pg_catalog; set local timezone = 'UTC'; set local datestyle = ISO; set local intervalstyle = postgres;
set local extra_float_digits = 3; set local bytea_output = hex; set local client_encoding = 'UTF8'; set local row_security = off`

/** `schema.table (columns)`, as COPY names them. */
export const copied = ({ schema, name, columns }: TableShape): string =>
  `${qualified(schema, name)} (${columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ')})`
