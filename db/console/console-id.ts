import { sql } from 'drizzle-orm'
import { failed, type Result } from '../server/problem'
import { consoleDb } from './client'
import type { Difference, Doubt } from './place'
import { ownConsole } from './schema'
import type { ConsoleWriter } from './writer'

/** This console's own id, 12 hexadecimal digits: made once with its database, and anew when it turns out to be a copy. */
export const consoleId = async (db?: ConsoleWriter): Promise<string> => (await consoleRow(db)).id

/** Why this console may be a copy of another, and is asked whether it was moved or copied; null: there is no doubt. */
export const consoleDoubt = async (db?: ConsoleWriter): Promise<Doubt | null> => (await consoleRow(db)).doubt

/** The one row of the console. Errors: throws where it is gone. */
export async function consoleRow(db: ConsoleWriter = consoleDb()) {
  const [row] = await db.select().from(ownConsole)
  if (!row) throw new Error('The console database has lost the row of its console')
  return row
}

const RESTORED: Difference = { what: 'restored', was: null, is: null }

/**
 * Says that this console database is a copy: its workers and pages leave every monitored server alone until somebody has said whether
 * the console was moved or copied. For whoever makes a copy on purpose, such as a restored backup: called on the new database once its
 * rows are those of the backup, and before anything is started on it.
 */
export async function becomeCopy(db: ConsoleWriter = consoleDb()): Promise<void> {
  const doubt: Doubt = { at: new Date().toISOString(), because: [RESTORED], place: null }
  await db.update(ownConsole).set({ doubt: sql`${JSON.stringify(doubt)}::jsonb` })
}

/** What every way to a monitored server says while it is not known whether this console was moved or copied. */
export const inDoubt = (): Result<never> =>
  failed('conflict', 'This console may be a copy of another one. Until an administrator answers which it is, it contacts no server.', {
    hint: 'An administrator answers on /console, or on the command line: npm run -s proctor -- moved, or copied',
  })
