import { afterAll, beforeAll } from 'vitest'
import { closeConsole } from '../../db/console/client'
import { migrateConsole } from '../../db/console/migrate'
import { type TestDatabase, testDatabase } from './test-database'

/** The console database for the tests of a file: there before the first, gone after the last. */
export function consoleForTests(): TestDatabase {
  const database = {} as TestDatabase
  beforeAll(async () => {
    Object.assign(database, await testDatabase(18))
    process.env.PROCTOR_CONSOLE_URL = database.url
    await migrateConsole(database.url)
  })
  afterAll(async () => {
    await closeConsole()
    await database.drop()
  })
  return database
}
