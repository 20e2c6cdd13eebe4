import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { ClientBase } from 'pg'

/**
 * Stops a server of this machine with all its processes, as a machine that hangs: it takes connections, which the system does for it,
 * and says nothing. Returns what lets it go on.
 */
export async function stopServer(session: ClientBase): Promise<() => void> {
  const { rows } = await session.query<{ folder: string; pids: number[] }>(
    `select current_setting('data_directory') as folder, array_agg(pid) as pids from pg_stat_activity`,
  )
  const { folder, pids } = rows[0] ?? { folder: '', pids: [] }
  const postmaster = Number((await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0])
  const all = [postmaster, ...pids]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of all) process.kill(pid, 'SIGCONT')
  }
}
