import { readFile, realpath, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import process from 'node:process'
import type { Storage } from '../domain/server-profile'

/** What this machine, or the container that we are in, has. */
export interface Machine {
  /** Bytes. */
  ram: number
  cpus: number
}

export function thisMachine(): Machine {
  // 0, or more than there is, where no control group sets a limit.
  const limit = process.constrainedMemory()
  return { ram: limit > 0 && limit < totalmem() ? limit : totalmem(), cpus: availableParallelism() }
}

/** The kind of disk that a folder lies on, by the kernel's word; null where it says nothing (overlays, tmpfs, other systems). */
export async function storageOf(folder: string): Promise<Storage | null> {
  const found = await stat(folder).catch(() => null)
  if (!found) return null
  // makedev(3): 12 bits of major and 20 of minor, as Linux packs them below 2^32.
  const [major, minor] = [(found.dev >> 8) & 0xfff, (found.dev & 0xff) | ((found.dev >> 12) & 0xfff00)]
  const device = await realpath(`/sys/dev/block/${major}:${minor}`).catch(() => null)
  if (device === null) return null
  if (/\/nvme\d/.test(device)) return 'nvme'
  for (const queue of [`${device}/queue/rotational`, `${device}/../queue/rotational`]) {
    const turns = await readFile(queue, 'utf8').catch(() => null)
    // A virtual disk says that it turns, whatever lies below.
    if (turns !== null) return turns.trim() === '0' ? 'ssd' : /\/(virtio\d|xen|(vd|xvd)[a-z])/.test(device) ? null : 'hdd'
  }
  return null
}
