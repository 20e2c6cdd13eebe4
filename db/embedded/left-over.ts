import { readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { exists } from './binaries'
import { ClusterError } from './cluster-error'

/** How a server of an earlier console is asked to end, and how long it has then. What still runs after the last is killed. */
const STEPS = [
  { signal: 'SIGINT', ms: 30_000 },
  { signal: 'SIGQUIT', ms: 10_000 },
] as const
const KILLED_MS = 10_000

/**
 * Clears the way after a console that was killed. A server that still runs on the data directory is stopped, if need be killed.
 * A postmaster.pid whose process is gone, is a zombie that nobody reaped, or is another program by now is
 * removed, but only once no backend works on the directory any more: PostgreSQL itself takes any living
 * process of that number for its predecessor, and would not start.
 * Errors: a ClusterError when a process on the directory cannot be ended.
 */
export async function clearLeftOver(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid')
  if (!(await exists(file))) return
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0])
  await endWhatWorksOn(dataDir, pid)
  await rm(file, { force: true })
}

async function endWhatWorksOn(dataDir: string, postmaster: number): Promise<void> {
  for (const { signal, ms } of STEPS) {
    if (await isServerOf(postmaster, dataDir)) send(postmaster, signal)
    if (await untilNoneWorksOn(dataDir, ms)) return
  }
  for (const pid of await worksOn(dataDir)) if (await isOwnersOf(dataDir, pid)) send(pid, 'SIGKILL')
  if (await untilNoneWorksOn(dataDir, KILLED_MS)) return
  const left = (await worksOn(dataDir)).join(', ')
  throw new ClusterError(
    `Another process works on ${dataDir} and cannot be ended (${left}); end it, or set PROCTOR_DATA_DIR to another folder.`,
  )
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended meanwhile, or is not ours: whoever waits sees it
  }
}

async function untilNoneWorksOn(dataDir: string, ms: number): Promise<boolean> {
  for (const until = performance.now() + ms; (await worksOn(dataDir)).length > 0; await sleep(100))
    if (performance.now() > until) return false
  return true
}

/** The server's account writes postmaster.pid and could name any process in it: only one of its own is signalled. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (!(await isOwnersOf(dataDir, pid))) return false
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(dataDir)
}

async function isOwnersOf(dataDir: string, pid: number): Promise<boolean> {
  const [process, owner] = await Promise.all([stat(`/proc/${pid}`).catch(() => null), stat(dataDir)])
  return process?.uid === owner.uid
}

/** Postmaster and backends alike have the data directory as their working directory; a zombie has none. */
async function worksOn(dataDir: string): Promise<number[]> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  const folder = await realpath(dataDir)
  return processes.filter((_, at) => places[at] === folder).map(Number)
}
