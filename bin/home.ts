import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import process from 'node:process'
import type { Home } from '../db/console/place'
import { exists } from '../db/embedded/binaries'

/** The data folder that holds the console database, and the machine: what a start compares (db/console/place.ts). */
export async function homeOf(folder: string, machine = machineHash): Promise<Home> {
  const real = await realpath(folder)
  const { ino, birthtimeNs, ctimeNs } = await stat(real, { bigint: true })
  // Where no moment of making is kept, Node.js gives zero or that of the last change (its manual, fs.Stats).
  const born = birthtimeNs > 0n && birthtimeNs !== ctimeNs ? String(birthtimeNs) : null
  return { machine: await machine(), folder: real, inode: String(ino), born }
}

/**
 * Its id is no secret that should leave it (manual page machine-id), so a hash is kept. Null in a container: what its image brings is not
 * the machine's, and differs after an upgrade of the image.
 */
async function machineHash(): Promise<string | null> {
  if (await inContainer()) return null
  const id = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim()
  return /^[0-9a-f]{32}$/.test(id) ? createHash('sha256').update(`proctor ${id}`).digest('hex').slice(0, 16) : null
}

async function inContainer(): Promise<boolean> {
  if (process.env.container || process.env.KUBERNETES_SERVICE_HOST) return true
  return (await exists('/.dockerenv')) || (await exists('/run/.containerenv'))
}
