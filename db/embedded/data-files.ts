import { constants } from 'node:fs'
import { chmod, chown, type FileHandle, lchown, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { ACCOUNT_NAME, type Account } from './account'
import { ClusterError } from './cluster-error'

/*
 * The server's account owns its data directory, and a superuser of the server can make any file in it: also one that leads
 * elsewhere. Where root starts the console, nothing there may be opened by a name that could be such a link.
 */

/**
 * The folder around a data directory. Where the server runs as another account it belongs to us, and that account may only
 * pass through it: the log, the keeper's number and the settings are not its to change.
 */
export async function ownFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o755 })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!account) return
  await chown(folder, process.getuid?.() ?? 0, process.getgid?.() ?? 0) // it was the account's in earlier versions
  await chmod(folder, 0o711)
}

/** Opens a new file in the place of whatever was there, for appending. */
export async function openAnew(file: string, mode = 0o600): Promise<FileHandle> {
  await rm(file, { force: true })
  return open(file, 'ax', mode)
}

/**
 * Writes a new file in the place of whatever was there, whole or not at all: whoever reads it finds the former or the new one,
 * also after a crash. It belongs to `account` where one is given.
 */
export async function writeAnew(file: string, text: string | Buffer, account?: Account): Promise<void> {
  const unfinished = `${file}.new`
  const handle = await openAnew(unfinished)
  try {
    await handle.writeFile(text)
    if (account) await handle.chown(account.uid, account.gid)
    await handle.sync()
    await handle.close()
    await rename(unfinished, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(unfinished, { force: true })
    throw error
  }
  await syncFolder(path.dirname(file))
}

/** So that a file's new name, too, outlives a crash of the machine; where folders cannot be written through, it does not matter. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/** Reads a file of the data directory, not what it may lead to; null where there is none, or it is none. */
export async function readOwn(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (!handle) return null
  try {
    const { nlink } = await handle.stat()
    return nlink === 1 ? await handle.readFile('utf8') : null
  } finally {
    await handle.close()
  }
}

/**
 * Gives a data directory that an earlier version ran as the account `earlier` to `account`. Only what lies in it: no link
 * is followed, and nothing that has a second name is given away. Nothing may run on it.
 * Errors: a ClusterError where it is somebody else's, or none that the console made: it has no `marker`.
 */
export async function takeOver(dataDir: string, marker: string, account: Account, earlier: Account | undefined): Promise<void> {
  const { uid: former } = await lstat(dataDir)
  if (former === account.uid) return
  if (former !== earlier?.uid || (await readOwn(path.join(dataDir, marker))) === null) {
    const whose = `${dataDir} belongs to the account with the number ${former}, and PostgreSQL runs as ${ACCOUNT_NAME} here`
    throw new ClusterError(`${whose}: chown -R ${ACCOUNT_NAME}: ${dataDir}, or set PROCTOR_DATA_DIR to another folder.`)
  }
  await give(dataDir, former, account)
}

/** From the top down: once a directory is given away its former owner can put nothing more into it. */
async function give(place: string, former: number, account: Account): Promise<void> {
  const found = await lstat(place)
  if (found.uid === former && (found.isDirectory() || found.nlink === 1)) await lchown(place, account.uid, account.gid)
  if (!found.isDirectory()) return
  for (const name of await readdir(place)) await give(path.join(place, name), former, account)
}
