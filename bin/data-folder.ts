import { createHash } from 'node:crypto'
import { mkdir, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { CHECKOUT, UserError } from './settings'

/** PostgreSQL's programs take no path above 1,024 bytes (MAXPGPATH in its source); what they append needs some of them. */
const LONGEST_PATH = 800

/**
 * Where the embedded servers keep their data. Beside the sources by default; started by root in a
 * checkout that the servers' account cannot enter, under /var/lib.
 */
export async function dataFolderPath(wanted: string | undefined): Promise<string> {
  return wanted ? path.resolve(wanted) : (await othersMayEnter(CHECKOUT)) ? path.join(CHECKOUT, '.proctor') : systemFolder()
}

/** The same, made where it is missing. Errors: a UserError, and those of the file system. */
export async function dataFolder(wanted: string | undefined): Promise<string> {
  const folder = await dataFolderPath(wanted)
  if (Buffer.byteLength(folder) > LONGEST_PATH) {
    throw new UserError(`PROCTOR_DATA_DIR: the path is longer than ${LONGEST_PATH} bytes, more than PostgreSQL can take.`)
  }
  await makeFolder(folder)
  return folder
}

/** Step by step: what Node says of a whole path that could not be made names another reason. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o755 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT') throw error
    await makeFolder(path.dirname(folder))
    await mkdir(folder, { mode: 0o755 })
  }
}

/** Which of the embedded servers' data directories holds something; undefined where none does. */
export async function holdsData(folder: string): Promise<string | undefined> {
  for (const server of ['console', 'sample']) {
    const data = path.join(folder, server, 'data')
    const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    if (names.length > 0) return data
  }
  return undefined
}

const systemFolder = (): string => path.join('/var/lib/proctor', createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 12))

async function othersMayEnter(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true // the servers run as ourselves
  for (let at = folder; ; at = path.dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false
    if (at === path.dirname(at)) return true
  }
}
