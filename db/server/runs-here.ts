import { postmasterOf } from './postmaster'

/**
 * Whether a server runs on this machine. A folder of the same name proves nothing: line 3 of postmaster.pid has to be this
 * server's start, in seconds since 1970. False where the file may not be read.
 */
export async function runsHere(dataDirectory: string, postmasterStart: number): Promise<boolean> {
  const found = await postmasterOf(dataDirectory)
  // The file is written a moment before the server calls itself started.
  return found !== null && Math.abs(found.start - postmasterStart) <= 60
}
