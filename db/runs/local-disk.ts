import { statfs } from 'node:fs/promises'
import type { FilePlace } from '../commands/known'
import { runsHere } from '../server/runs-here'

/** Free bytes, for those who may use all of them, where a server's files lie; null when they are not on this machine or may not be looked at. */
export async function freeBytes({ directory, dataDirectory, postmasterStart }: FilePlace): Promise<number | null> {
  if (!(await runsHere(dataDirectory, postmasterStart))) return null
  const found = await statfs(directory).catch(() => null)
  return found && found.bavail * found.bsize
}
