import type { Past } from '../checks/define-check'
import { freeBytes } from '../server/local-disk'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { dataPlace } from '../storage/reads/storage-files'

/** What is free where pg_wal lies. */
export interface WalRoom {
  bytes: number
  /** False: by a size that somebody typed in, less what the databases took when they were last sampled: at most so much. */
  measured: boolean
}

/** A size is written where it changed: as far back as the growth of a server is told. */
const BACK_MS = 90 * 86_400_000

/** Room for WAL; null: not known, as the server is on another machine and nobody typed in the size of its volume. What cannot be read is not known. */
export async function walRoom(target: Target, past?: Past): Promise<WalRoom | null> {
  const read = await runRead(target, dataPlace, {})
  const [place] = read.ok ? read.value : []
  if (place?.directory) {
    // pg_wal may be a link to another volume.
    const at = { dataDirectory: place.directory, postmasterStart: place.started }
    const bytes = await freeBytes({ ...at, directory: `${place.directory}/pg_wal` })
    if (bytes !== null) return { bytes, measured: true }
  }
  const typed = (await past?.volume?.(null))?.typed ?? null
  if (typed === null) return null
  const now = new Date()
  const taken = (await past?.sizes?.(new Date(now.getTime() - BACK_MS), now))?.at(-1)
  return taken ? { bytes: Math.max(0, typed - taken.value), measured: false } : null
}
