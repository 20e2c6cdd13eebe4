import type { ConsoleDb } from './client'

/** The console database, or a transaction in it. */
export type ConsoleWriter = Pick<ConsoleDb, 'insert' | 'update' | 'select' | 'execute'>
