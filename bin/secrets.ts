import { randomBytes } from 'node:crypto'
import { chmod, lstat, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { writeAnew } from '../db/embedded/data-files'
import { holdsData } from './data-folder'
import { UserError } from './settings'

const secret = z.string().min(32)
const shape = z.looseObject({ console: secret, sample: secret, session: secret })

/** What the console made up once and keeps: passwords of its own servers and the key of its sessions. */
export type Secrets = z.output<typeof shape>

const FILE = 'secrets.json'
const PUT_BACK = 'put it back from a backup'

/**
 * Reads the secrets, making them at the first start; never beside data that only the former ones open. `others`: data
 * elsewhere that they open, in words; null where there are none. `session`: of a console that was restored.
 * Errors: a UserError where they are missing beside data, broken, or somebody else's.
 */
export async function secrets(
  folder: string,
  others: () => Promise<string | null> = async () => null,
  session = random(),
): Promise<Secrets> {
  const file = path.join(folder, FILE)
  const kept = await readSecrets(folder)
  if (kept) {
    await closeToOthers(file)
    return kept
  }
  const data = (await holdsData(folder)) ?? (await others())
  if (data)
    throw new UserError(
      `${file} is missing, and only the secrets in it open ${data}: ${PUT_BACK}, or set PROCTOR_DATA_DIR to an empty folder.`,
    )
  const made: Secrets = { console: random(), sample: random(), session }
  await writeAnew(file, JSON.stringify(made))
  await closeToOthers(file)
  return made
}

/** The secrets that are there; undefined where there are none yet. Errors: a UserError as of secrets. */
export async function readSecrets(folder: string): Promise<Secrets | undefined> {
  const file = path.join(folder, FILE)
  const found = await stat(file).catch(orNothing)
  if (!found) {
    // What a link led to may be there again tomorrow.
    if (await lstat(file).catch(orNothing))
      throw new UserError(`${file} is a dangling link: fix it, or set PROCTOR_DATA_DIR to an empty folder.`)
    return undefined
  }
  if (!found.isFile()) throw new UserError(`${file} is no file: move it away, or set PROCTOR_DATA_DIR to another folder.`)
  const uid = process.getuid?.() ?? found.uid
  if (found.uid !== uid) {
    throw new UserError(
      `${file} belongs to the account with the number ${found.uid}, which could change it: start the console as that account, or chown it to ${uid}.`,
    )
  }
  const parsed = shape.safeParse(asJson(await readFile(file, 'utf8')))
  if (parsed.success) return parsed.data
  const what = parsed.error.issues[0]?.path[0]
  const wrong = found.size === 0 ? 'is empty' : what === undefined ? 'is not whole' : `does not hold the secret "${String(what)}"`
  throw new UserError(`${file} ${wrong}: ${PUT_BACK}, or set PROCTOR_DATA_DIR to an empty folder.`)
}

const random = (): string => randomBytes(32).toString('base64url')

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
  return undefined
}

const openTo = async (file: string): Promise<number> => (await stat(file)).mode & 0o077

async function closeToOthers(file: string): Promise<void> {
  if (process.platform === 'win32' || (await openTo(file)) === 0) return
  const mode = ((await stat(file)).mode & 0o777).toString(8)
  await chmod(file, 0o600)
  if ((await openTo(file)) !== 0) {
    throw new UserError(
      `${file} stays open to others (mode ${mode}), as its file system keeps no permissions: set PROCTOR_DATA_DIR to a folder on one that does.`,
    )
  }
  console.error(`${file} was open to others (mode ${mode}); it has mode 600 now. Whoever could read it may know its secrets.`)
}
