import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { closeConsole } from '../../db/console/client'
import { migrateConsole } from '../../db/console/migrate'
import type { Major } from '../../db/embedded/binaries'
import { type TestDatabase, testDatabase, testServerUrl } from './test-database'

/** The database, on a server, of which the console databases of tests are copies. */
const TEMPLATE = 'console_template'
const made = new Map<Major, Promise<void>>()

/** A console database of its own, up to date and empty. Copied: its migrations alone take longer than most tests. */
export async function testConsole(major: Major = 18): Promise<TestDatabase> {
  const known = made.get(major) ?? makeTemplate(major)
  made.set(major, known)
  await known
  const database = await testDatabase(major, undefined, TEMPLATE)
  await database.client.query('delete from console; insert into console default values') // another console than all the others
  return database
}

/** An earlier file of this worker may have made it. It is whole when it lets nobody in any more. */
async function makeTemplate(major: Major): Promise<void> {
  const url = new URL(await testServerUrl(major))
  const admin = new Client({ connectionString: url.href })
  await admin.connect()
  const { rows } = await admin.query('select from pg_database where datname = $1 and not datallowconn', [TEMPLATE])
  if (rows.length === 0) {
    await admin.query(`drop database if exists ${TEMPLATE} with (force)`)
    await admin.query(`create database ${TEMPLATE}`)
    url.pathname = `/${TEMPLATE}`
    await migrateConsole(url.href)
    await admin.query(`alter database ${TEMPLATE} allow_connections false`)
  }
  await admin.end()
}

/** The console database for the tests of a file: there before the first, gone after the last. */
export function consoleForTests(): TestDatabase {
  const database = {} as TestDatabase
  beforeAll(async () => {
    Object.assign(database, await testConsole())
    process.env.PROCTOR_CONSOLE_URL = database.url
  })
  afterAll(async () => {
    await closeConsole()
    await database.drop()
  })
  return database
}
