import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import { withholdKeptSecrets } from './withhold-kept-secrets'

/** Chosen once; two consoles that start together migrate one after the other. */
const MIGRATION_LOCK = 7_317_401

/** Brings the console database up to date: its schema, and what is stored in it. */
export async function migrateConsole(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'proctor migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: path.resolve(import.meta.dirname, '../../drizzle/console') })
    await withholdKeptSecrets(client)
  } finally {
    await client.end()
  }
}
