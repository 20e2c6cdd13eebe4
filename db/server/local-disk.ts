import { statfs } from 'node:fs/promises'
import { runsHere } from './runs-here'

/** Where the files of a relation, or of the WAL, lie, as the server says it. */
export interface FilePlace {
  directory: string
  dataDirectory: string
  /** pg_postmaster_start_time() in whole seconds since 1970: proves that a postmaster.pid is this server's. */
  postmasterStart: number
}

/** Free bytes, for those who may use all of them, where a server's files lie; null when they are not on this machine or may not be looked at. */
export async function freeBytes({ directory, dataDirectory, postmasterStart }: FilePlace): Promise<number | null> {
  if (!(await runsHere(dataDirectory, postmasterStart))) return null
  const found = await statfs(directory).catch(() => null)
  return found && found.bavail * found.bsize
}

/** A file system in bytes: its size, and what is free for those who may use all of it. */
export interface Volume {
  bytes: number
  free: number
}

/** The volume of a server's data directory; null when that is not on this machine or may not be looked at. */
export async function volumeOf({ dataDirectory, postmasterStart }: Omit<FilePlace, 'directory'>): Promise<Volume | null> {
  if (!(await runsHere(dataDirectory, postmasterStart))) return null
  const found = await statfs(dataDirectory).catch(() => null)
  return found && { bytes: found.blocks * found.bsize, free: found.bavail * found.bsize }
}
