import { readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { exists } from './binaries'

const PATIENCE_MS = 30_000

/**
 * Clears the way after a console that was killed. A server that still runs on the data directory is stopped.
 * A postmaster.pid whose process is gone, is a zombie that nobody reaped, or is another program by now is
 * removed, but only once no backend works on the directory any more: PostgreSQL itself takes any living
 * process of that number for its predecessor, and would not start.
 * Errors: an Error when a server on the directory does not end in time.
 */
export async function clearLeftOver(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid')
  if (!(await exists(file))) return
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0])
  if (await isServerOf(pid, dataDir)) process.kill(pid, 'SIGINT')
  for (let waited = 0; await anyWorksOn(dataDir); waited += 100) {
    if (waited >= PATIENCE_MS)
      throw new Error(`A PostgreSQL server that an earlier console left on ${dataDir} does not end (process ${pid})`)
    await sleep(100)
  }
  await rm(file, { force: true })
}

/** The server's account writes postmaster.pid and could name any process in it: only one of its own is signalled. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  const [process, owner] = await Promise.all([stat(`/proc/${pid}`).catch(() => null), stat(dataDir)])
  if (process?.uid !== owner.uid) return false
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(dataDir)
}

/** Postmaster and backends alike have the data directory as their working directory; a zombie has none. */
async function anyWorksOn(dataDir: string): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return places.includes(await realpath(dataDir))
}
