import { Client } from 'pg'
import { limitConsole } from '../db/console/client'
import { choosePools, keepPools, OTHERS, type Starter } from '../db/console/connection-budget'
import { consoleFaultOf } from '../db/console/console-fault'
import { migrateConsole } from '../db/console/migrate'
import { refuseLentSessions } from '../db/console/session-state'
import { StartRefusal } from '../db/console/start-refusal'
import { UserError } from './settings'

/** How long the launcher waits for an answer: it has nobody to show a page to. */
const ANSWER_MS = 30_000

interface Options {
  starter: Starter
  /** As migrateConsole; for tests. */
  lockMs?: number
}

/**
 * Looks whether a console database is fit to work with, brings it up to date, and chooses how many connections the processes that are
 * started from here may make to it. `setting`: where its address comes from; the embedded one has none.
 * Errors: a UserError of one sentence. Nothing is left behind.
 */
export async function prepareConsole(url: string, setting: string | undefined, { starter, lockMs }: Options): Promise<void> {
  const named = setting ?? 'The console database'
  try {
    if (setting) await refuseLentSessions(url)
    const pools = await choose(url, starter)
    await migrateConsole(url, { lockMs })
    keepPools(pools)
    limitConsole({ connections: OTHERS, answerMs: ANSWER_MS })
  } catch (error) {
    if (error instanceof StartRefusal) throw new UserError(`${named}: ${error.message}`)
    const fault = consoleFaultOf(error)
    if (fault?.passes) throw new UserError(`${named}: ${fault.message} ${fault.hint}`)
    throw error
  }
}

async function choose(url: string, starter: Starter) {
  const client = new Client({ connectionString: url, application_name: 'proctor start', connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined) // what was asked fails
  await client.connect()
  try {
    return await choosePools(client, starter)
  } finally {
    await client.end()
  }
}
