import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnd, endChild, startChild } from '../db/embedded/child'
import type { Keeping, Part } from '../db/embedded/keep'
import { noteEvent } from './console-events'
import { CHECKOUT, type Settings, UserError } from './settings'

/** How long the web process may take until it serves. */
const WEB_PATIENCE_MS = 120_000
/** A pause that is worth saying. */
const LONG_MS = 5_000

/** What the launcher says of a part that does not run, and writes to the audit once it runs again. */
export function toldOf(name: string): Keeping {
  let since = new Date()
  let how = ''
  const again = (pauseMs: number) => (pauseMs < LONG_MS ? 'starting it again' : `it is started again in ${Math.round(pauseMs / 1_000)} s`)
  return {
    onEnd: (ended, pauseMs) => {
      since = new Date()
      how = ended
      console.error(`The ${name} ended unexpectedly (${ended}); ${again(pauseMs)}.`)
    },
    onRefused: (why, pauseMs) => console.error(`The ${name} could not be started again: ${why.replace(/\.$/, '')}; ${again(pauseMs)}.`),
    onBack: () => noteEvent('console.part-restarted', { part: name, ended: how, endedAt: since.toISOString() }),
  }
}

const start = (script: string, environment: Record<string, string | undefined> = {}): ChildProcess =>
  startChild(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin', script)], {
    cwd: CHECKOUT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

const partOf = (child: ChildProcess): Part => ({ ended: childEnd(child), stop: () => endChild(child) })

export const startWorkerProcess = async (): Promise<Part> => partOf(start('worker.ts'))

/** Starts the web process. Errors: a UserError with what it said, when it does not serve in time. */
export async function startWeb({ PORT, HOST }: Settings): Promise<Part> {
  const child = start('web.ts', {
    PORT: String(PORT),
    HOST,
    NODE_ENV: process.env.PROCTOR_DEVELOPMENT === '1' ? 'development' : 'production',
  })
  const said = new Promise<unknown>((resolve) => child.once('message', resolve))
  const waited = new AbortController()
  const late = sleep(WEB_PATIENCE_MS, 'The web process did not start serving in time.', { signal: waited.signal }).catch(() => undefined)
  const answer = await Promise.race([said, late, childEnd(child).then((how) => `The web process ended (${how}); see its message above.`)])
  waited.abort()
  if (answer === 'ready') return partOf(child)
  await endChild(child)
  throw new UserError(typeof answer === 'string' ? answer : 'The web process sent an unknown message.')
}
