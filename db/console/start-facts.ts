import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Client } from 'pg'
import { z } from 'zod'
import { OLDEST_MAJOR } from '../server/facts'
import { identifier } from '../server/identifiers'
import { parseRow } from '../server/parse-rows'
import { StartRefusal } from './start-refusal'

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../drizzle/console')

const FACTS = /* sql */ `
select current_setting('server_version_num')::int as release, current_setting('server_version') as version,
       pg_is_in_recovery() as in_recovery, current_setting('transaction_read_only') = 'on' as read_only,
       current_setting('server_encoding') as encoding, current_database()::text as database, current_user::text as role,
       current_schema()::text as schema, current_setting('search_path') as search_path,
       has_database_privilege(current_database(), 'CREATE') as makes_schemas,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as makes_tables,
       to_regclass('drizzle.__drizzle_migrations') is not null as migrated`

const facts = z.object({
  release: z.number(),
  version: z.string(),
  in_recovery: z.boolean(),
  read_only: z.boolean(),
  encoding: z.string(),
  database: z.string(),
  role: z.string(),
  schema: z.string().nullable(),
  search_path: z.string(),
  makes_schemas: z.boolean(),
  makes_tables: z.boolean(),
  migrated: z.boolean(),
})

type Facts = z.output<typeof facts>

/** Refuses a database that Proctor could not keep its own in, before anything is written to it. Errors: StartRefusal. */
export async function refuseUnfit(client: Client): Promise<void> {
  const { rows } = await client.query(FACTS)
  const found = parseRow(facts, rows[0])
  const why = unfit(found) ?? (found.migrated ? await newerThanWe(client) : undefined)
  if (why) throw new StartRefusal(why)
}

function unfit(found: Facts): string | undefined {
  const { release, version, encoding, database, role, schema } = found
  const to = `to ${identifier(role)}`
  if (Math.floor(release / 10_000) < OLDEST_MAJOR)
    return `the server is PostgreSQL ${version}, older than ${OLDEST_MAJOR}, the oldest that Proctor works on; upgrade it.`
  if (found.in_recovery) return 'the server is a standby, which takes no writes; give the address of the primary.'
  if (found.read_only)
    return 'the database is read-only (default_transaction_read_only = on, for the server, the database or the role); set it to off.'
  if (encoding !== 'UTF8')
    return `the database "${database}" has the encoding ${encoding}, which cannot hold every text that servers send; make one with encoding UTF8.`
  if (!found.makes_schemas)
    return `the role "${role}" may make no schema in the database "${database}"; grant create on database ${identifier(database)} ${to};`
  if (schema === null)
    return `the role "${role}" has no schema to make tables in (search_path is ${found.search_path}); make one of them, or set search_path for the role.`
  if (!found.makes_tables)
    return `the role "${role}" may make no table in the schema "${schema}"; grant create on schema ${identifier(schema)} ${to};`
  return undefined
}

const journal = z.object({ entries: z.array(z.object({ when: z.number() })) })

/** Migrations that this program does not know were made by a newer one. */
async function newerThanWe(client: Client): Promise<string | undefined> {
  const { entries } = journal.parse(JSON.parse(await readFile(path.join(MIGRATIONS, 'meta/_journal.json'), 'utf8')))
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int as n from drizzle.__drizzle_migrations where created_at <> all ($1::bigint[])',
    [entries.map(({ when }) => when)],
  )
  const unknown = rows[0]?.n ?? 0
  if (unknown === 0) return undefined
  const them = unknown === 1 ? 'one change that this program does not know' : `${unknown} changes that this program does not know`
  return `the console database has ${them}: a newer Proctor has used it; start that version, or restore a backup from before the upgrade.`
}
