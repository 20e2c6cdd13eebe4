import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { failed, ok, type Result } from './problem'
import { textWithoutSecrets } from './secrets/without-secrets'

/** A server's first process, as its postmaster.pid says it. */
export interface Postmaster {
  pid: number
  /** Seconds since 1970. */
  start: number
}

/** Lines 1 and 3 of postmaster.pid (PostgreSQL's source, miscadmin.h); null where it is not there or may not be read. */
export async function postmasterOf(dataDirectory: string): Promise<Postmaster | null> {
  const lines = (await readFile(path.join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [pid, start] = [Number(lines[0]), Number(lines[2])]
  return pid > 0 && start > 0 ? { pid, start } : null
}

/** What stands beside the data directory of a server that the console keeps running. */
const BESIDE = {
  /** The number of the process that starts it again when it ends. */
  keeper: 'keeper.pid',
  /** What the server says; begun anew at each start. What it said before stands in server.log.1 and so on. */
  log: 'server.log',
  /** What it said when it did not start; there while it runs on the settings of the start before. */
  refused: 'refused-start.log',
}

export const besideData = (dataDirectory: string, what: keyof typeof BESIDE): string => path.join(dataDirectory, '..', BESIDE[what])

/** The last lines of one of the logs; none where there is no such file, or it may not be read. */
export async function logLines(dataDirectory: string, what: 'log' | 'refused', most = 20): Promise<string[]> {
  const text = await readFile(besideData(dataDirectory, what), 'utf8').catch(() => '')
  return text.trim() === '' ? [] : textWithoutSecrets(text.trim().split('\n').slice(-most).join('\n')).split('\n')
}

/** Whether the process that starts this server again when it ends is alive: then it is the server's parent. */
export async function isKept(dataDirectory: string, { pid }: Postmaster): Promise<boolean> {
  const keeper = Number(await readFile(besideData(dataDirectory, 'keeper'), 'utf8').catch(() => ''))
  if (!(keeper > 0)) return false
  const parent = await parentOf(pid)
  return parent === null ? isAlive(keeper) : parent === keeper
}

/** The fourth field of proc(5) stat, after a name that may hold anything; null where there is no /proc. */
async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * A fast shutdown of a server on this machine (manual, 18.5): sessions are ended, a checkpoint is written.
 * The server's account writes postmaster.pid and could name any process in it: only one of its own is signalled.
 * Errors: conflict when it is not there any more; insufficient_privilege.
 */
export async function shutDown(dataDirectory: string, { pid, start }: Postmaster): Promise<Result<null>> {
  const now = await postmasterOf(dataDirectory)
  if (now?.pid !== pid || now.start !== start) return failed('conflict', `The postmaster ${pid} has ended`)
  const [runs, owner] = await Promise.all([stat(`/proc/${pid}`).catch(() => null), stat(dataDirectory)])
  if (runs && runs.uid !== owner.uid) return failed('conflict', `Process ${pid} does not belong to the account of the server`)
  try {
    process.kill(pid, 'SIGINT')
    return ok(null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EPERM'
      ? failed('insufficient_privilege', `This process may not send a signal to the postmaster ${pid}`)
      : failed('conflict', `The postmaster ${pid} has ended`)
  }
}
