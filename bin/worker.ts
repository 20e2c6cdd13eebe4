/** Carries out what was confirmed. Started by the launcher, or alone with `npm run worker`, beside others or elsewhere. */
import { once } from 'node:events'
import process from 'node:process'
import { closeConsole, limitConsole } from '../db/console/client'
import { chosenPools } from '../db/console/connection-budget'
import { log, nameLog, printToLog } from '../db/console/log'
import { settlePlace } from '../db/console/which-console'
import { closeQueue } from '../db/runs/run-queue'
import { closePools, limitConnections } from '../db/server/pool'
import { startChecking } from '../db/worker/checks/checking'
import { startSampling } from '../db/worker/sampling/sampling'
import { untilSure } from '../db/worker/until-sure'
import { startWorker } from '../db/worker/worker'
import { checkServer } from './check-server'
import { dataFolderPath } from './data-folder'
import { homeOf } from './home'
import { prepareConsole } from './prepare-console'
import { runningConsole } from './running-console'
import { sentenceOf, withServer } from './sentence'
import { readSettings, UserError } from './settings'

async function main(): Promise<void> {
  const alone = !process.env.PROCTOR_CONSOLE_URL
  if (alone) await withServer('The console database', undefined, findConsole)
  nameLog('worker')
  printToLog()
  limitConsole({ connections: chosenPools().worker, answerMs: 10_000 })
  limitConnections(1) // beside those of the web process and those of runs
  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  process.once('disconnect', () => stopping.abort()) // the launcher was killed; its successor starts a worker of its own
  await untilSure(stopping.signal)
  const parts = stopping.signal.aborted
    ? []
    : [await withServer('The console database', undefined, () => startWorker({ alone })), startSampling(), startChecking()]
  if (parts.length > 0) log().info('worker started')
  await stopped
  await Promise.all(parts.map((part) => part.stop()))
  await Promise.all([closePools(), closeQueue()])
  await closeConsole()
  log().info('worker stopped')
  process.exit(0)
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
  }
  const found = url ?? beside?.consoleUrl
  if (found) await prepareConsole(found, url && 'PROCTOR_DATABASE_URL', { starter: 'worker' })
  process.env.PROCTOR_CONSOLE_URL = found
  process.env.PROCTOR_SECRET = secret ?? beside?.secret
  process.env.PROCTOR_SAMPLE_URL ??= beside?.sampleUrl
  const consoleUrl = process.env.PROCTOR_CONSOLE_URL
  if (!consoleUrl)
    throw new UserError(`The console of ${await dataFolderPath(PROCTOR_DATA_DIR)} does not run: start it, or set PROCTOR_DATABASE_URL.`)
  await settlePlace(url ? null : await homeOf(await dataFolderPath(PROCTOR_DATA_DIR)), consoleUrl)
}

main().catch((error) => {
  console.error(sentenceOf(error) ?? error)
  process.exit(1)
})
