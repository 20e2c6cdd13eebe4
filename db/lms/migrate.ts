import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'

/** The generated migrations of the LMS schema. */
export const LMS_MIGRATIONS = path.resolve(import.meta.dirname, '../../drizzle/lms')

/**
 * Brings a database to the newest LMS schema, in one transaction. Needs a role that may create extensions.
 * Throws what the server answers.
 */
export async function migrateLms(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'proctor-migrate' })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  try {
    // the migrator asks for what is there already with IF NOT EXISTS, which answers with a NOTICE
    await client.query('set client_min_messages = warning')
    await migrate(drizzle({ client }), { migrationsFolder: LMS_MIGRATIONS })
  } finally {
    await client.end()
  }
}
