import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Client } from 'pg'
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams'
import { PARTITIONS_IN_USE } from '../../history/partitions'
import { qualified } from '../../server/identifiers'
import { auditKey } from '../audit-key'
import { BackupError, type BackupHeader, beginning, reserve, type TableShape } from './backup-file'
import { appliedMigrations } from './migrations'
import { newFile } from './new-file'
import { onOwnSession } from './own-session'
import { sealSecret } from './sealed-secret'
import { copied, listTables, PLAIN_TEXT, readSequences } from './tables'

/** A table that somebody holds exclusively is waited for so long. */
const LOCK_TIMEOUT = '10s'

export interface BackupWish {
  /** Of the console database. */
  url: string
  /** The file to be written, and whether one that is there may be replaced. */
  path: string
  replace: boolean
  /** Version of the console. */
  version: string
  /** The console's secret and the passphrase that seals it; left out: it is not in the file. */
  sealed?: { secret: string; passphrase: string }
  /** After so many minutes it is given up. */
  minutes: number
  signal?: AbortSignal
}

/**
 * Writes everything that a running console keeps to one file: one snapshot, read through COPY, never held in memory. While it reads,
 * no partition of history is dropped; nothing else waits for it. The file has its name once it is whole.
 * Errors: a BackupError of one sentence; as pg does.
 */
export async function writeBackup(wish: BackupWish): Promise<BackupHeader & { bytes: number }> {
  const limitMs = Math.ceil(wish.minutes * 60_000)
  const signal = AbortSignal.any([AbortSignal.timeout(limitMs), ...(wish.signal ? [wish.signal] : [])])
  const read = async (client: Client, file: FileHandle) => {
    await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`)
    await client.query('select pg_advisory_lock_shared($1)', [PARTITIONS_IN_USE]) // before the snapshot: what it sees stays
    await client.query('begin isolation level repeatable read read only')
    await client.query(`${PLAIN_TEXT}; set local statement_timeout = ${limitMs}; set local idle_in_transaction_session_timeout = '5min'`)
    const tables = await listTables(client)
    if (tables.length === 0) throw new BackupError('There is no console in this database')
    await client.query(`lock table ${tables.map(({ schema, name }) => qualified(schema, name)).join(', ')} in access share mode`)
    return copyAll(client, file, tables, await knownBefore(client, wish), signal)
  }
  return newFile(wish.path, wish.replace, (file) => onOwnSession(wish.url, 'proctor backup', (client) => read(client, file), signal))
}

/** What stands in the header but for the counts and sums of the tables. */
async function knownBefore(client: Client, { version, sealed }: BackupWish): Promise<Omit<BackupHeader, 'tables'>> {
  const { rows } = await client.query(/* sql */ `
select current_setting('server_version') as postgresql, to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
       to_regclass('public.console') is not null as numbered,
       (select to_jsonb(a) ->> 'mac_key' from audit a where to_jsonb(a) ->> 'mac_key' is not null order by a.id desc limit 1) as "secretId"`)
  const { postgresql, at, numbered, secretId } = rows[0]
  const own = numbered ? await client.query('select id from public.console') : undefined
  if (sealed && secretId !== null && auditKey(sealed.secret).id !== secretId) {
    throw new BackupError('PROCTOR_SECRET is not the secret of the console: the newest entry of the audit carries the key of another')
  }
  return {
    console: version,
    at,
    postgresql,
    consoleId: own?.rows[0]?.id ?? null,
    secretId,
    sealedSecret: sealed ? await sealSecret(sealed.secret, sealed.passphrase, at) : null,
    migrations: await appliedMigrations(client),
    sequences: await readSequences(client),
  }
}

async function copyAll(client: Client, file: FileHandle, tables: TableShape[], known: Omit<BackupHeader, 'tables'>, signal: AbortSignal) {
  const headerLength = reserve(known, tables)
  await file.writeFile(beginning(headerLength))
  const written: { table: TableShape; copy: CopyToStreamQuery; bytes: number; sha256: string }[] = []
  for (const table of tables) {
    const copy = client.query(copyTo(`copy ${copied(table)} to stdout`))
    const hash = createHash('sha256')
    let bytes = 0
    await pipeline(
      copy,
      createGzip(),
      async (compressed: AsyncIterable<Buffer>) => {
        for await (const chunk of compressed) {
          hash.update(chunk)
          bytes += chunk.length
          await file.writeFile(chunk) // at the end of what was written
        }
      },
      { signal },
    )
    written.push({ table, copy, bytes, sha256: hash.digest('hex') })
  }
  await client.query('commit') // the counts of rows have come before its answer
  const whole = { ...known, tables: written.map(({ table, copy, bytes, sha256 }) => ({ ...table, rows: copy.rowCount, bytes, sha256 })) }
  const begin = beginning(headerLength, whole)
  await file.write(begin, 0, begin.length, 0)
  return { ...whole, bytes: begin.length + written.reduce((sum, { bytes }) => sum + bytes, 0) }
}
