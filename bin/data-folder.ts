import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { exists } from '../db/embedded/binaries'
import { CHECKOUT, UserError } from './settings'

/** What the console made up once and keeps: passwords of its own servers and the key of its sessions. */
export interface Secrets {
  console: string
  sample: string
  session: string
}

/**
 * Where the embedded servers keep their data. Beside the sources by default; started by root in a
 * checkout that the servers' account cannot enter, under /var/lib.
 */
export async function dataFolderPath(wanted: string | undefined): Promise<string> {
  return wanted ? path.resolve(wanted) : (await othersMayEnter(CHECKOUT)) ? path.join(CHECKOUT, '.proctor') : systemFolder()
}

/** The same, made where it is missing. */
export async function dataFolder(wanted: string | undefined): Promise<string> {
  const folder = await dataFolderPath(wanted)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  return folder
}

const systemFolder = (): string => path.join('/var/lib/proctor', createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 12))

async function othersMayEnter(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true // the servers run as ourselves
  for (let at = folder; ; at = path.dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
    if (at === path.dirname(at)) return true
  }
}

/** Reads the secrets, making them at the first start. */
export async function secrets(folder: string): Promise<Secrets> {
  const file = path.join(folder, 'secrets.json')
  if (!(await exists(file))) {
    const made: Secrets = { console: secret(), sample: secret(), session: secret() }
    await writeFile(file, JSON.stringify(made), { mode: 0o600 })
  }
  return JSON.parse(await readFile(file, 'utf8')) as Secrets
}

const secret = (): string => randomBytes(32).toString('base64url')

/**
 * One console a data folder: a second one would stop the first one's servers.
 * Errors: a UserError when the process that is written down still runs.
 */
export async function claimFolder(folder: string): Promise<void> {
  const file = path.join(folder, 'console.pid')
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (pid > 0 && pid !== process.pid && (await isConsole(pid))) {
    throw new UserError(`A console already runs on ${folder} (process ${pid}); stop it, or set PROCTOR_DATA_DIR to another folder.`)
  }
  await writeFile(file, String(process.pid))
}

/** A process id is used again after a crash: only one whose command line is the launcher's counts. */
async function isConsole(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (command !== undefined) return command.includes('launch.ts')
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux'
  } catch {
    return false
  }
}
