import { readFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Whether a server runs on this machine. A folder of the same name proves nothing: line 3 of postmaster.pid has to be this
 * server's start, in seconds since 1970. False where the file may not be read.
 */
export async function runsHere(dataDirectory: string, postmasterStart: number): Promise<boolean> {
  const lock = await readFile(path.join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => null)
  const start = Number(lock?.split('\n')[2])
  // The file is written a moment before the server calls itself started.
  return Number.isFinite(start) && start !== 0 && Math.abs(start - postmasterStart) <= 60
}
