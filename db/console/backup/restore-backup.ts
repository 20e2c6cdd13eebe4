import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { qualified } from '../../server/identifiers'
import type { ConsoleDb } from '../client'
import { becomeCopy } from '../console-id'
import { MIGRATION_LOCK } from '../migrate'
import { session, verification } from '../schema'
import { refuseUnfit } from '../start-facts'
import type { ConsoleWriter } from '../writer'
import { type BackedUpTable, BackupError, type OpenBackup } from './backup-file'
import { setAside } from './constraints'
import { applyMigrations, knownOf } from './migrations'
import { onOwnSession } from './own-session'
import { copied, firstInhabitant, listTables, PLAIN_TEXT } from './tables'

export type RestoreTransaction = ConsoleWriter & Pick<ConsoleDb, 'delete'>

const nameOf = (table: Pick<BackedUpTable, 'schema' | 'name'>): string => `${table.schema}.${table.name}`

/**
 * Puts a backup into an empty database: by the migrations that it was made with, then by those that came since. All in one
 * transaction, with what `finish` does after that: whatever fails or is killed leaves the database empty. Needs no superuser, only the
 * database's owner. The console
 * knows that it may be a copy, and sessions are not taken over: everybody signs in anew. Gives back the tables that are not Proctor's and were left out.
 * Errors: a BackupError of one sentence, a StartRefusal where no console could work on the database; as pg does.
 */
export async function restoreBackup(
  url: string,
  backup: OpenBackup,
  finish: (tx: RestoreTransaction) => Promise<void>,
  signal?: AbortSignal,
): Promise<string[]> {
  const known = knownOf(backup)
  const write = async (client: Client) => {
    await refuseUnfit(client)
    return drizzle(client).transaction(
      async (tx) => {
        await client.query(`${PLAIN_TEXT}; ${LIMITS}`)
        await refuseFull(client)
        await applyMigrations(client, 0, known)
        const leftOut = await fill(client, backup, signal)
        await applyMigrations(client, known)
        await tx.delete(session)
        await tx.delete(verification)
        await becomeCopy(tx)
        await finish(tx)
        return leftOut
      },
      { accessMode: 'read write' },
    )
  }
  return onOwnSession(url, 'proctor restore', write, signal)
}

/** A long history takes long to load; a session that somebody forgot does not stay. */
const LIMITS = /* sql */ `
set local statement_timeout = 0; set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = '5min'`

async function refuseFull(client: Client): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]).catch((error) => {
    throw error.code === '55P03' ? new BackupError('A console is starting on this database') : error
  })
  const there = await firstInhabitant(client)
  if (there) throw new BackupError(`The database is not empty (${there}): a backup is restored into an empty one; nothing was changed`)
}

/** Rows as they were, whatever triggers and foreign keys would make of them; afterwards both hold again. */
async function fill(client: Client, backup: OpenBackup, signal?: AbortSignal): Promise<string[]> {
  const leftOut = await makePartitions(client, backup.tables)
  const tables = backup.tables.filter((table) => !leftOut.includes(nameOf(table)))
  await refuseOtherColumns(client, tables)
  const putBack = await setAside(client)
  await client.query(`truncate ${tables.map(({ schema, name }) => qualified(schema, name)).join(', ')}`) // what migrations put there is in the backup
  for (const table of tables) {
    const copy = client.query(copyFrom(`copy ${copied(table)} from stdin`))
    await pipeline(backup.rowsOf(table), createGunzip(), copy, { signal })
    if (copy.rowCount !== table.rows)
      throw new BackupError(`${nameOf(table)} has ${copy.rowCount} of ${table.rows} rows; nothing was restored`)
  }
  for (const { schema, name, last, called } of backup.sequences) {
    const sequence = qualified(schema, name)
    await client.query('select setval(to_regclass($1), $2::bigint, $3) where to_regclass($1) is not null', [sequence, last, called])
  }
  await putBack()
  for (const { schema, name } of tables) await client.query(`analyze ${qualified(schema, name)}`)
  return leftOut
}

/** As PostgreSQL's pg_get_expr writes it: constants alone. */
const BOUND = /^(DEFAULT|FOR VALUES (FROM \([^()]*\) TO \([^()]*\)|IN \([^()]*\)|WITH \(modulus \d+, remainder \d+\)))$/
const CONSTANTS = /^('([^'\\]|'')*'|[\w\s,.+-])*$/

/** Migrations make the series, the worker the partitions for their times. Gives back the tables that nobody makes. */
async function makePartitions(client: Client, tables: BackedUpTable[]): Promise<string[]> {
  const there = new Set((await listTables(client)).map(nameOf))
  const nobodys: string[] = []
  for (const table of tables.filter((one) => !there.has(nameOf(one)))) {
    const { schema, name, partition } = table
    const parent = partition && qualified(schema, partition.of)
    const { rows } = await client.query(`select from pg_catalog.pg_class where oid = to_regclass($1) and relkind = 'p'`, [parent])
    if (!partition || rows.length === 0) nobodys.push(nameOf(table))
    else {
      const bound = BOUND.exec(partition.bound) && partition.bound.split(/[()]/).every((part) => CONSTANTS.test(part))
      if (!bound) throw new BackupError(`The bounds of the partition ${nameOf(table)} cannot be read: ${partition.bound}`)
      await client.query(`create table ${qualified(schema, name)} partition of ${parent} ${partition.bound}`)
    }
  }
  return nobodys
}

async function refuseOtherColumns(client: Client, tables: BackedUpTable[]): Promise<void> {
  const there = new Map((await listTables(client)).map((table) => [nameOf(table), table.columns]))
  for (const table of tables) {
    const strange = table.columns.find((column) => !there.get(nameOf(table))?.includes(column))
    if (strange) throw new BackupError(`${nameOf(table)} has no column "${strange}", which the backup holds; nothing was restored`)
  }
}
