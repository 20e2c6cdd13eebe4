import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { freePort } from '../../db/embedded/free-port'

const CHECKOUT = path.resolve(import.meta.dirname, '../..')

export interface Launched {
  child: ChildProcess
  port: number
  said: { stdout: string; stderr: string }
  /** Resolves when it has printed this, or with false when it ended without. */
  says: (what: RegExp) => Promise<boolean>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export interface LaunchOptions {
  /** Shell commands that root does first in a mount namespace of its own, such as a full disk on a folder. */
  mounts?: string
  uid?: number
}

/** Starts the real launcher, as `npm start` does. PROCTOR_DEVELOPMENT, where it is given, skips the build. */
export async function launch(environment: Record<string, string>, { mounts, uid }: LaunchOptions = {}): Promise<Launched> {
  const port = Number(environment.PORT ?? (await freePort()))
  const command = [process.execPath, '--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin', 'launch.ts')]
  const [program = '', ...args] = mounts ? ['unshare', '-m', 'sh', '-ec', `${mounts}; exec "$@"`, 'launch', ...command] : command
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: String(port), ...environment }
  for (const name of Object.keys(env)) if (/^(PROCTOR_|DATABASE_URL$|VITEST|PG)/.test(name) && !(name in environment)) delete env[name]
  const child = spawn(program, args, { cwd: CHECKOUT, env, ...(uid && { uid, gid: uid }) })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  const ended: Launched['ended'] = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  const says = (what: RegExp): Promise<boolean> =>
    new Promise((resolve) => {
      const look = () => what.test(said.stdout + said.stderr) && resolve(true)
      look()
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look)
      ended.then(() => resolve(what.test(said.stdout + said.stderr)))
    })
  return { child, port, said, says, ended }
}

/** Processes that run on a data folder: by their place, their command line or their environment. Zombies are none. */
export async function processesOn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (what: string) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => '')
      const [command, environment, place] = await Promise.all([
        read('cmdline'),
        read('environ'),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ])
      const isOn = command.includes(folder) || environment.includes(`PROCTOR_DATA_DIR=${folder}`) || place.startsWith(`${folder}/`)
      return isOn && command !== '' ? `${pid} ${command.replaceAll('\0', ' ').slice(0, 300)}` : ''
    }),
  )
  return found.filter((one) => one !== '')
}
