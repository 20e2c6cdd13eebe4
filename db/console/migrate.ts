import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client, DatabaseError } from 'pg'
import { clipped } from '../server/problem'
import { consoleFaultOf } from './console-fault'
import { MIGRATIONS, refuseUnfit } from './start-facts'
import { StartRefusal } from './start-refusal'
import { withholdKeptSecrets } from './withhold-kept-secrets'

/** Chosen once; two consoles that start together migrate one after the other. */
export const MIGRATION_LOCK = 7_317_401

/** A console that is up to date holds it for a moment; one that brings a large history up to date for longer. */
const LOCK_MS = 60_000

/**
 * Brings the console database up to date: its schema, all of it or nothing, and what is stored in it. `lockMs`: how long another that
 * does the same is waited for, and anybody who holds a table. Errors: StartRefusal where the database is none that Proctor can work
 * with, or does not let itself be brought up to date; what the network and the server say of a connection.
 */
export async function migrateConsole(url: string, { lockMs = LOCK_MS }: { lockMs?: number } = {}): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'proctor migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  client.on('error', () => undefined) // what was asked fails
  await client.connect()
  try {
    await refuseUnfit(client)
    await client.query(`set lock_timeout = ${lockMs}`)
    await takeLock(client, lockMs)
    await refuseUnfit(client) // whoever had the lock may have been a newer one
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS }).catch((error: unknown) => {
      throw refused(error)
    })
    await withholdKeptSecrets(client)
  } finally {
    // A pooler in session mode may hand the session on as it is (PgBouncer, server_reset_query).
    await client.query(`select pg_advisory_unlock_all()`).catch(() => undefined)
    await client.query('reset all').catch(() => undefined)
    await client.end()
  }
}

async function takeLock(client: Client, lockMs: number): Promise<void> {
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '55P03') throw error
    const { rows } = await client.query<{ pid: number; who: string | null; since: string | null }>(HOLDER, [MIGRATION_LOCK])
    const { pid, who, since } = rows[0] ?? {}
    const holder = `process ${pid} of its server${who ? ` ("${who}"${since ? `, connected since ${since}` : ''})` : ''}`
    throw new StartRefusal(
      pid === undefined
        ? 'another console was bringing the console database up to date a moment ago; start again.'
        : `for ${lockMs / 1_000} s ${holder} has been holding the lock under which the console database is brought up to date; ` +
            `wait until it is done, or end it with select pg_terminate_backend(${pid}).`,
    )
  }
}

/** Who it is shows only to members of its role and of pg_read_all_stats (manual, 27.2.3); a key of 64 bits is kept in two halves. */
const HOLDER = /* sql */ `
select l.pid, nullif(a.application_name, '') as who, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') as since
  from pg_locks l left join pg_stat_activity a using (pid)
 where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and ((l.classid::int8 << 32) | l.objid::int8) = $1
   and l.database = (select oid from pg_database where datname = current_database())
 limit 1`

/** Of a migration the server's own words are told: they name what is in its way, and a migration holds no values. */
function refused(error: unknown): unknown {
  const fault = consoleFaultOf(error)
  const cause = error instanceof Error && error.cause instanceof DatabaseError ? error.cause : error
  if (!fault || !(cause instanceof DatabaseError)) return error
  const why = fault.passes && cause.code !== '55P03' ? fault.message : `${clipped(cause.message)} (SQLSTATE ${cause.code}).`
  return new StartRefusal(`the console database could not be brought up to date, and nothing was changed: ${why}`)
}
