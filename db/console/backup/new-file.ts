import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { BackupError } from './backup-file'

/** What the system has against a file, by its code. */
const WORDS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'a file may not become so large there',
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'a folder stands in its place',
}

/**
 * Writes a file that only its owner reads, and that has its name once it is whole and on the disk: nobody takes half of it for all.
 * What a killed writer left beside it goes. Errors: a BackupError when the file is there and may not be replaced, or cannot be
 * written; then nothing is left, and what was there is as it was.
 */
export async function newFile<T>(name: string, replace: boolean, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const there = await stat(name).catch(() => undefined)
  if (there?.isDirectory()) throw new BackupError(`${name} is a folder`)
  if (there && !replace) throw new BackupError(`${name} is there already; --force replaces it`)
  const unfinished = `${name}${UNFINISHED}${process.pid}`
  try {
    await clearLeftOver(name)
    const file = await open(unfinished, 'wx', 0o600)
    try {
      const written = await write(file)
      await file.sync()
      await rename(unfinished, name)
      return written
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(unfinished, { force: true })
    const why = WORDS[(error as NodeJS.ErrnoException).code ?? '']
    throw why ? new BackupError(`${name} cannot be written: ${why}. Nothing was kept of it`) : error
  }
}

const UNFINISHED = '.unfinished-'

async function clearLeftOver(name: string): Promise<void> {
  const begin = `${path.basename(name)}${UNFINISHED}`
  for (const found of await readdir(path.dirname(name))) {
    if (found.startsWith(begin) && !isAlive(Number(found.slice(begin.length)))) await rm(path.join(path.dirname(name), found))
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
