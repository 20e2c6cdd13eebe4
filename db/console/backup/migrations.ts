import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Client } from 'pg'
import { z } from 'zod'
import { MIGRATIONS } from '../start-facts'
import { BackupError, type BackupHeader } from './backup-file'

const journal = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) })

/** The names of this console's migrations, by the moment that Drizzle tells them apart by. */
async function names(): Promise<Map<number, string>> {
  const { entries } = journal.parse(JSON.parse(await readFile(path.join(MIGRATIONS, 'meta/_journal.json'), 'utf8')))
  return new Map(entries.map(({ tag, when }) => [when, tag]))
}

/** The migrations that a console database has had, oldest first. */
export async function appliedMigrations(client: Client): Promise<BackupHeader['migrations']> {
  const { rows } = await client.query<{ hash: string; when: string }>(
    'select hash, created_at::text as when from drizzle.__drizzle_migrations order by created_at',
  )
  const named = await names()
  return rows.map(({ hash, when }) => ({ hash, when: Number(when), name: named.get(Number(when)) ?? 'of another version' }))
}

/**
 * How many of this console's migrations a backup had: its own, and no others.
 * Errors: a BackupError when it had some that are not known here.
 */
export function knownOf({ console: version, migrations }: Pick<BackupHeader, 'console' | 'migrations'>): number {
  const here = readMigrationFiles({ migrationsFolder: MIGRATIONS })
  const strange = migrations.find(({ when }, at) => here[at]?.folderMillis !== when)
  if (!strange) return migrations.length
  throw new BackupError(
    `The backup was made by a newer console (${version}, with the migration "${strange.name}", which this one does not know): restore it with that version or a later one`,
  )
}

/**
 * Applies this console's migrations from the one at `from` to the one before `to`, within the caller's transaction, and records
 * them as Drizzle's migrator does, which wants a transaction of its own.
 */
export async function applyMigrations(client: Client, from: number, to?: number): Promise<void> {
  await client.query('create schema if not exists drizzle')
  await client.query(
    'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  )
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder: MIGRATIONS }).slice(from, to)) {
    for (const statement of sql) await client.query(statement)
    await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [hash, folderMillis])
  }
}
