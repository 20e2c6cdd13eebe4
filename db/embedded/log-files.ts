import { constants } from 'node:fs'
import { lstat, open, rename, rm, truncate } from 'node:fs/promises'

/** How much is kept of what a server says: `files` of at most `bytes` each, the one that it writes to among them. */
export interface LogLimits {
  bytes: number
  files: number
  /** How often the size is looked at. What is said in between comes on top. */
  everyMs: number
}

export const LOG_LIMITS: LogLimits = { bytes: 10_000_000, files: 5, everyMs: 5_000 }

const CHUNK = 1_000_000

/**
 * Sets aside what a log file holds, and empties it. It goes to the end of `file`.1, so that a server that ends again and again does
 * not push the first reason out; where that is full, it becomes `file`.2 and so on, and the oldest is removed. Of what is
 * more than fits one file the end is kept. Whoever has the file open for appending goes on writing at its beginning.
 */
export async function setLogAside(file: string, { bytes, files }: Pick<LogLimits, 'bytes' | 'files'>): Promise<void> {
  const size = await sizeOf(file)
  if (size === 0) return
  const kept = Math.min(size, bytes)
  if ((await sizeOf(`${file}.1`)) + kept > bytes) {
    await rm(`${file}.${files - 1}`, { force: true })
    for (let at = files - 2; at >= 1; at--) await rename(`${file}.${at}`, `${file}.${at + 1}`).catch(unlessMissing)
  }
  await append(`${file}.1`, file, size - kept).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error // a full disk is no reason to fill it further
  })
  await truncate(file)
}

/** Looks after a log file that is being written to. Returns what ends it. */
export function boundLog(file: string, limits: LogLimits): () => void {
  const look = async () => {
    if ((await sizeOf(file)) > limits.bytes) await setLogAside(file, limits)
  }
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch(() => undefined) // looked at again
      .finally(() => {
        looking = false
      })
  }, limits.everyMs).unref()
  return () => clearInterval(timer)
}

/** Of a file; 0 where there is none, or a link in its place. */
async function sizeOf(file: string): Promise<number> {
  const found = await lstat(file).catch(unlessMissing)
  return found?.isFile() ? found.size : 0
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function append(to: string, from: string, start: number): Promise<void> {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_RDONLY } = constants
  const source = await open(from, O_RDONLY | O_NOFOLLOW)
  try {
    const target = await open(to, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
    try {
      const buffer = Buffer.alloc(CHUNK)
      for (let at = start; ; ) {
        const { bytesRead } = await source.read(buffer, 0, CHUNK, at)
        if (bytesRead === 0) return
        await target.appendFile(buffer.subarray(0, bytesRead))
        at += bytesRead
      }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
