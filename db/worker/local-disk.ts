import { readFile, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { FilePlace } from '../commands/define-command'

/**
 * Free bytes, for those who may use all of them, where a server's files lie; null when they are not on this machine or
 * may not be looked at. A folder of the same name proves nothing: line 3 of postmaster.pid has to be this server's start.
 */
export async function freeBytes({ directory, dataDirectory, postmasterStart }: FilePlace): Promise<number | null> {
  const lock = await readFile(path.join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => null)
  const start = Number(lock?.split('\n')[2])
  // The file is written a moment before the server calls itself started.
  if (!Number.isFinite(start) || start === 0 || Math.abs(start - postmasterStart) > 60) return null
  const found = await statfs(directory).catch(() => null)
  return found && found.bavail * found.bsize
}
