import process from 'node:process'
import { Client } from 'pg'

/** A session on the sample database beside the console: it makes conditions, and checks what the console says. */
export async function sampleSession(): Promise<Client> {
  const client = new Client({ connectionString: process.env.PROCTOR_TEST_SAMPLE, application_name: 'journey' })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** pg_relation_size in bytes. */
export async function relationSize(client: Client, name: string): Promise<number> {
  const { rows } = await client.query('select pg_relation_size($1::regclass)::int as bytes', [name])
  return rows[0].bytes
}

export const INDEXES = '/sample/db/lms/indexes'
export const TABLES = '/sample/db/lms/tables'
export const STORAGE = '/sample/db/lms/storage'
export const EXTENSIONS = '/sample/db/lms/extensions'
export const MAINTENANCE = '/sample/db/lms/maintenance'
export const GUIDE = '/sample/db/lms/guide'
export const ANALYTICS = `${GUIDE}/analytics`
export const SESSIONS = '/sample/db/lms/sessions'
export const OVERVIEW = '/sample/db/lms/overview'
export const STATEMENTS = '/sample/db/lms/statements'
export const CACHE = '/sample/db/lms/cache'
export const SETTINGS = '/sample/db/lms/settings'
export const REPLICATION = '/sample/db/lms/replication'

/** Every page of the sample, and those of the console that everybody opens. */
export const PAGES = [
  OVERVIEW,
  SESSIONS,
  SETTINGS,
  REPLICATION,
  CACHE,
  STATEMENTS,
  INDEXES,
  TABLES,
  STORAGE,
  EXTENSIONS,
  MAINTENANCE,
  GUIDE,
  `${GUIDE}/workload`,
  ANALYTICS,
  '/',
  '/runs',
  '/audit',
]
