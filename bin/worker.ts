/** Carries out what was confirmed. Started by the launcher, or alone with `npm run worker`, beside others or elsewhere. */
import process from 'node:process'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { closeQueue } from '../db/console/run-queue'
import { closePools, limitConnections } from '../db/target/pool'
import { startWorker } from '../db/worker/worker'
import { checkServer } from './check-server'
import { readSettings, UserError } from './settings'

async function main(): Promise<void> {
  if (!process.env.PROCTOR_CONSOLE_URL) await findConsole()
  limitConnections(1) // beside those of the web process and those of runs
  const worker = await startWorker()
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await worker.stop()
    await Promise.all([closePools(), closeQueue()])
    await closeConsole()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  process.once('disconnect', stop) // the launcher was killed; its successor starts a worker of its own
}

/** Alone, the worker has no launcher to tell it where the console database is. */
async function findConsole(): Promise<void> {
  const { PROCTOR_DATABASE_URL: url } = readSettings(process.env)
  if (!url) throw new UserError('PROCTOR_DATABASE_URL: a worker by itself needs the address of the console database')
  await checkServer('PROCTOR_DATABASE_URL', url)
  await migrateConsole(url)
  process.env.PROCTOR_CONSOLE_URL = url
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error)
  process.exit(1)
})
