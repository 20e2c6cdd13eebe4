/** Carries out what was confirmed. Started by the launcher, or alone with `npm run worker`, beside others or elsewhere. */
import process from 'node:process'
import { closeConsole } from '../db/console/client'
import { log, nameLog, printToLog } from '../db/console/log'
import { migrateConsole } from '../db/console/migrate'
import { closeQueue } from '../db/console/run-queue'
import { closePools, limitConnections } from '../db/server/pool'
import { startSampling } from '../db/worker/sampling/sampling'
import { startWorker } from '../db/worker/worker'
import { checkServer } from './check-server'
import { runningConsole } from './running-console'
import { readSettings, UserError } from './settings'

async function main(): Promise<void> {
  const alone = !process.env.PROCTOR_CONSOLE_URL
  if (alone) await findConsole()
  nameLog('worker')
  printToLog()
  limitConnections(1) // beside those of the web process and those of runs
  const worker = await startWorker({ alone })
  const sampling = startSampling()
  log().info('worker started')
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await Promise.all([worker.stop(), sampling.stop()])
    await Promise.all([closePools(), closeQueue()])
    await closeConsole()
    log().info('worker stopped')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  process.once('disconnect', stop) // the launcher was killed; its successor starts a worker of its own
}

/** Alone, the worker has no launcher to tell it where the console database is and what opens the stored passwords. */
async function findConsole(): Promise<void> {
  const { PROCTOR_DATABASE_URL: url, PROCTOR_SECRET: secret, PROCTOR_DATA_DIR } = readSettings(process.env)
  const beside = await runningConsole(PROCTOR_DATA_DIR)
  if (!url && !beside) {
    throw new UserError('PROCTOR_DATABASE_URL: a worker where no console runs needs the address of the console database')
  }
  if (!secret && !beside) {
    throw new UserError('PROCTOR_SECRET: a worker where no console runs needs the secret of the console, which opens stored passwords')
  }
  if (url) {
    await checkServer('PROCTOR_DATABASE_URL', url)
    await migrateConsole(url)
  }
  process.env.PROCTOR_CONSOLE_URL = url ?? beside?.consoleUrl
  process.env.PROCTOR_SECRET = secret ?? beside?.secret
  process.env.PROCTOR_SAMPLE_URL ??= beside?.sampleUrl
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error)
  process.exit(1)
})
