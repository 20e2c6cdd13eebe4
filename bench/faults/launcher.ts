import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmod, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { runningConsole } from '../../bin/running-console'
import { freePort } from '../../db/embedded/free-port'
import { begin, type Case } from './case'
import { type Scene, until } from './fault'
import { CHECKOUT, type Console, type House, witness } from './house'
import { judge, type Verdict, verdictOf } from './judge'
import { childrenOf } from './server'
import { type Variant, variant } from './works'

/** A console as `npm start` makes it, on a data folder of its own: launcher, worker, web and embedded console database. */
export interface Launched {
  folder: string
  console: Console
  launcher: ChildProcess
  origin: string
  /** The launcher and everything below it. */
  family: () => Promise<number[]>
  output: () => string
  /** Looks up anew where its console database is, which a restart may have moved to another port. */
  find: () => Promise<void>
  stop: () => Promise<void>
}

const START_MS = 300_000

export async function launch(house: House, folder: string, settings: Record<string, string> = {}): Promise<Launched> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  const port = await freePort()
  const launcher = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin/launch.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: house.monitored.url(),
      PROCTOR_DATABASE_URL: '',
      PROCTOR_CONSOLE_URL: '',
      PROCTOR_SAMPLE: 'off',
      PROCTOR_DATA_DIR: folder,
      PORT: String(port),
      PROCTOR_SAMPLING_ACTIVITY: '5',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (text) => (output += text))
  const ended = () => launcher.exitCode !== null || launcher.signalCode !== null
  await until('the console to be ready', () => /ready: \S+/.test(output) || ended(), START_MS)
  if (ended()) throw new Error(`The console did not start: ${output.trim().slice(-500)}`)
  const url = (await runningConsole(folder))?.consoleUrl ?? ''
  const console: Console = {
    database: 'proctor',
    url,
    query: witness(async () => {
      const now = await runningConsole(folder) // its port may be another after a restart
      const client = new Client({ connectionString: now?.consoleUrl ?? url, application_name: 'bench' })
      client.on('error', () => undefined)
      await client.connect()
      return client
    }),
    startWorker: () => {
      throw new Error('The launcher starts its worker')
    },
    workers: new Set(),
  }
  return {
    folder,
    console,
    launcher,
    origin: `http://127.0.0.1:${port}`,
    family: () => descendants(launcher.pid ?? 0),
    output: () => output,
    find: async () => {
      console.url = (await runningConsole(folder))?.consoleUrl ?? console.url
    },
    stop: async () => {
      const gone = new Promise((resolve) => launcher.once('exit', resolve))
      if (!ended() && launcher.kill('SIGTERM')) await gone
    },
  }
}

async function descendants(pid: number): Promise<number[]> {
  const children = await childrenOf(pid)
  return [pid, ...(await Promise.all(children.map(descendants))).flat()]
}

const STAGES: Variant[] = [
  variant('rebuild', 'waiting for writers'),
  variant('vacuum full', 'rewriting'),
  variant('drop', 'waiting for readers'),
  variant('drop in place', 'between tries'),
]

interface Played {
  house: House
  launched: Launched
  cases: Case[]
  /** Starts another console on the folder, and lets that one be looked at from then on. */
  again: () => Promise<Launched>
}

/** So long a second console, or a successor, has for what it should not do. */
const LOOK_MS = 15_000
let played = 0

function scene(kind: string, name: string, happen: (played: Played) => Promise<() => Promise<unknown>>): Scene {
  return {
    kind,
    name,
    injects: STAGES.length,
    play: async (house) => {
      await house.killWorkers()
      const folder = path.join(house.folder, `launched-${++played}`)
      let launched = await launch(house, folder)
      const { console } = launched
      const cases = await house.as(console, () => Promise.all(STAGES.map((what) => begin(house, what, { console }))))
      const again = async () => {
        launched = await launch(house, folder)
        console.url = launched.console.url
        return launched
      }
      const tidy = await happen({ house, launched, cases, again })
      await Promise.all(cases.map((one) => one.release()))
      const faultEnd = Date.now()
      const verdicts: Verdict[] = await Promise.all(
        cases.map((one) =>
          judge(house, one, faultEnd, { tries: one.what.stage.queue === 'retry' }).catch((error: Error) => ({
            ...verdictOf(one.what.name, 'not judged'),
            lost: [error.message],
          })),
        ),
      )
      for (const one of cases) await one.close()
      await tidy()
      await launched.stop()
      return verdicts
    },
  }
}

/** The copy is taken in one moment, as a snapshot of a machine is. */
async function copyOf({ folder, family }: Launched, to: string): Promise<void> {
  const all = await family()
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  spawnSync('cp', ['-a', folder, to])
  for (const pid of all.toReversed()) process.kill(pid, 'SIGCONT')
  // On another machine the process that is written down is none.
  await rm(path.join(to, 'console.pid'), { force: true })
  await rm(path.join(to, 'console/data/postmaster.pid'), { force: true })
}

const commandOf = (pid: number) => spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout

async function killOne({ launched }: Played, what: RegExp): Promise<void> {
  const all = await launched.family()
  const pid = all.find((one) => what.test(commandOf(one)))
  if (pid === undefined) throw new Error(`No process ${what}`)
  process.kill(pid, 'SIGKILL')
}

export const LAUNCHED: Scene[] = [
  scene('copied data folder', 'started beside the original', async ({ house, launched, cases }) => {
    const copy = `${launched.folder}-copy`
    await copyOf(launched, copy)
    const second = await launch(house, copy).catch((error: Error) => error)
    await sleep(LOOK_MS)
    for (const one of cases) {
      const [now] = await one.console.query<{ state: string }>('select state from run where id = $1', [one.run.id])
      if (now && !['running', 'queued'].includes(now.state)) throw new Error(`${one.what.name} is ${now.state} beside a copy`)
    }
    return async () => (second instanceof Error ? undefined : second.stop())
  }),
  scene('launcher killed with -9', 'and started again', async ({ launched, again }) => {
    launched.launcher.kill('SIGKILL')
    await sleep(2_000)
    await again()
    return async () => undefined
  }),
  scene('console database killed with -9', 'under the launcher', async (all) => {
    await killOne(all, /postgres.* -D /)
    await sleep(LOOK_MS)
    return async () => undefined
  }),
  scene('web process killed with -9', 'under the launcher', async (all) => {
    await killOne(all, /bin\/web\.ts/)
    await sleep(LOOK_MS)
    return async () => undefined
  }),
]
