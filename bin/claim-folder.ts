import { access, constants, open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { writeAnew } from '../db/embedded/data-files'
import { UserError } from './settings'

/** Locked as long as a console runs on the folder; empty, and never removed. */
const LOCK = 'console.lock'
/** Which process that is, for whoever is refused; a console that ended in order leaves none. */
const PID = 'console.pid'

/** SQLite's result codes for a lock that another process has, and for a full disk. */
const [BUSY, FULL] = [5, 13]

export interface Claim {
  /** Whether the console before this one ended without tidying up: killed, or with its machine. */
  afterCrash: boolean
  release: () => Promise<void>
}

/**
 * One console a data folder: a second one would stop the first one's servers. SQLite holds a lock of the system on a file,
 * which Node alone cannot: the kernel gives it to one of two who come at the same moment, whatever user and container they
 * are in, and takes it back as the process ends, however it dies. No number of a process decides. A visitor, which needs the folder
 * for a moment, leaves the traces of the console before it.
 * Errors: a UserError when another console has it; those of the file system.
 */
export async function claimFolder(folder: string, as: 'console' | 'visitor' = 'console'): Promise<Claim> {
  const [lock, pid] = [path.join(folder, LOCK), path.join(folder, PID)]
  await makeEmpty(lock)
  await access(lock, constants.R_OK | constants.W_OK)
  const held = await lockOn(lock, folder)
  const afterCrash = (await readFile(pid, 'utf8').catch(() => '')) !== ''
  if (as === 'console') await writeAnew(pid, String(process.pid)).catch(giveBack(held))
  return {
    afterCrash,
    release: async () => {
      if (as === 'console') await rm(pid, { force: true })
      held.close()
    },
  }
}

const giveBack = (held: DatabaseSync) => (error: unknown) => {
  held.close()
  throw error
}

async function lockOn(lock: string, folder: string): Promise<DatabaseSync> {
  let held: DatabaseSync | undefined
  try {
    held = new DatabaseSync(lock)
    held.exec('pragma journal_mode = off; pragma locking_mode = exclusive; begin exclusive')
    return held
  } catch (error) {
    held?.close()
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode !== BUSY) {
      const why = errcode === FULL ? 'no space is left on its disk' : message
      throw new UserError(`${lock} cannot be locked: ${why}. Fix that, or set PROCTOR_DATA_DIR to another folder.`)
    }
    const other = await readFile(path.join(folder, PID), 'utf8').catch(() => '')
    const which = /^\d+$/.test(other) ? ` (process ${other})` : ''
    throw new UserError(`A console already runs on ${folder}${which}; stop it, or set PROCTOR_DATA_DIR to another folder.`)
  }
}

/** Only where there is none: to close a file takes the locks away that this process has on it. */
async function makeEmpty(file: string): Promise<void> {
  const made = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  await made?.close()
}
