import { Client } from 'pg'
import type { Settings } from './settings'

/**
 * What a console database elsewhere holds that was sealed or signed under the secret of a data folder, in words; null where it
 * holds nothing yet, or PROCTOR_SECRET is the secret. Errors: as pg.
 */
export async function sealedElsewhere({ PROCTOR_DATABASE_URL: url, PROCTOR_SECRET: secret }: Settings): Promise<string | null> {
  if (!url || secret) return null
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, statement_timeout: 5_000 })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  try {
    const { rows } = await client.query(`select to_regclass('server') is not null as migrated`)
    const { rowCount } = rows[0]?.migrated ? await client.query('select from server limit 1') : { rowCount: 0 }
    return rowCount ? 'what the console database of PROCTOR_DATABASE_URL keeps (or set PROCTOR_SECRET to the secret that it had)' : null
  } finally {
    await client.end()
  }
}
