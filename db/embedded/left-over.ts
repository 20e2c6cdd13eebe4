import { readdir, readFile, readlink, rm } from 'node:fs/promises'
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

const isServerOf = async (pid: number, dataDir: string): Promise<boolean> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(dataDir)

/** Postmaster and backends alike have the data directory as their working directory; a zombie has none. */
async function anyWorksOn(dataDir: string): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return places.includes(dataDir)
}
