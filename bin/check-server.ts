import { Client, DatabaseError } from 'pg'
import { OLDEST_MAJOR } from '../db/target/facts'
import { UserError } from './settings'

/** Refuses a server that the console could not work with, in one sentence that names the setting. */
export async function checkServer(setting: string, address: string): Promise<void> {
  const url = new URL(address)
  const where = `${url.hostname}:${url.port || 5432}`
  const client = new Client({ connectionString: address, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as num, current_setting('server_version') as version`,
    )
    if (rows[0].num < OLDEST_MAJOR * 10_000) {
      throw new UserError(`${setting}: the server at ${where} is PostgreSQL ${rows[0].version}; Proctor needs ${OLDEST_MAJOR} or later.`)
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${setting}: ${sentence(error, where, url)}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function sentence(error: unknown, where: string, url: URL): string {
  if (error instanceof DatabaseError && (error.code === '28P01' || error.code === '28000')) {
    return `the server at ${where} refuses user "${decodeURIComponent(url.username)}": ${error.message}.`
  }
  if (error instanceof DatabaseError) return `the server at ${where} answers: ${error.message} (${error.code}).`
  const reason = error instanceof AggregateError ? error.errors[0] : error
  return `no server can be reached at ${where} (${reason instanceof Error ? reason.message : String(reason)}).`
}
