import { chmod, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

/** A file system in memory, which every Linux has. A container's may be small. */
const MEMORY = '/dev/shm'
/** In bytes: for 20 servers (5 of each worker) with 128 MB of WAL at most, their databases, and what their processes take themselves. */
const PLENTY = 8 * 2 ** 30
const NAME = /^proctor-run-(\d+)$/

/**
 * Makes the folder for all that a run of tests or journeys puts down, and has everything that is started from here on put it there
 * (TMPDIR). It lies in memory where that is plenty and TMPDIR says nothing else: a database is three hundred files, which cost several
 * times as much on a disk, and initdb waits there until its files are written. Resolves with what removes it.
 */
export async function makeRunFolder(): Promise<() => Promise<void>> {
  const parent = !process.env.TMPDIR && (await isPlenty()) ? MEMORY : tmpdir()
  for (const name of await readdir(parent)) if (isLeftOver(name)) await remove(path.join(parent, name))
  const folder = path.join(parent, `proctor-run-${process.pid}`)
  await mkdir(folder)
  await chmod(folder, 0o1777) // servers and consoles of other accounts use it
  process.env.TMPDIR = folder
  return () => remove(folder)
}

const remove = (folder: string) => rm(folder, { recursive: true, force: true })

async function isPlenty(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const mounted = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '))
  const [, , , options = 'noexec'] = mounted.find(([, place]) => place === MEMORY) ?? []
  if (options.split(',').includes('noexec')) return false // binaries may have to be copied to where the server's account reaches them
  const { bavail, bsize } = await statfs(MEMORY)
  return Math.min(bavail * bsize, process.availableMemory()) >= PLENTY
}

/** Of a run that was killed. */
function isLeftOver(name: string): boolean {
  const pid = Number(NAME.exec(name)?.[1])
  if (!pid || pid === process.pid) return pid === process.pid
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
