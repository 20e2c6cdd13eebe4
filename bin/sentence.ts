import { readFile } from 'node:fs/promises'
import { ClusterError } from '../db/embedded/cluster-error'
import { UserError } from './settings'

/** What the system's refusals mean to whoever starts the console (errno(3)). */
const REFUSALS: Record<string, string> = {
  EACCES: 'this account has no permission for it',
  EPERM: 'this account has no permission for it',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the quota of this account is used up',
  ENOTDIR: 'a file stands where a folder has to be',
  EEXIST: 'something else, such as a file or a dangling link, stands in its place',
  EISDIR: 'a folder stands where a file has to be',
  ENOENT: 'it is not there, or a link leads nowhere',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  EBUSY: 'it is in use, as the root of a file system for one',
  EXDEV: 'it leads across file systems',
  EIO: 'the disk fails',
  EMFILE: 'this process may open no more files',
  ENFILE: 'the system may open no more files',
}

/** A fault of ours, and nothing that whoever starts the console can fix. */
const isBug = (error: unknown): boolean => !(error instanceof Error) || /^(Type|Reference|Syntax|Range)Error$/.test(error.name)

/** What lies behind what a driver or Drizzle made of it. */
const rootOf = (error: unknown): unknown => (error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error)

/** Why a start failed, in one sentence; undefined for a fault of ours, which is told with its stack. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof UserError || error instanceof ClusterError) return error.message
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  const why = syscall && code ? REFUSALS[code] : undefined
  return why && `${dest ?? path ?? 'The system'} cannot be used: ${why} (${code}). Fix that, or set PROCTOR_DATA_DIR to another folder.`
}

/**
 * Does what needs a server, and tells what stops it in one sentence that names it. `logFile`: of an embedded one, whose last words
 * explain why it is suddenly gone. Errors: a UserError, but for faults of ours.
 */
export async function withServer<T>(name: string, logFile: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sentenceOf(error) !== undefined) throw error
    const root = rootOf(error)
    if (isBug(root)) throw error
    const full = logFile && (await diskIsFull(logFile, root))
    const said =
      (root as Error).message.split('\n')[0]?.replace(/\.$/, '') ||
      ('code' in (root as Error) ? String((root as NodeJS.ErrnoException).code) : 'no answer')
    if (full)
      throw new UserError(
        `${name}: no space is left on the disk of its data. Make room, or set PROCTOR_DATA_DIR to a folder on another disk.`,
      )
    throw new UserError(`${name}: ${said}${logFile ? ` (its log is ${logFile})` : ''}.`)
  }
}

/** disk_full (manual, appendix A), or a server that ended over it (where WAL finds no room, it ends). */
async function diskIsFull(logFile: string, error: unknown): Promise<boolean> {
  if ((error as { code?: string }).code === '53100') return true
  return /No space left on device/.test(await readFile(logFile, 'utf8').catch(() => ''))
}
