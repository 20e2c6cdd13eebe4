import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { dataFolderPath } from './data-folder'
import { readSecrets, type Secrets } from './secrets'
import { CONSOLE_DATABASE, SAMPLE_DATABASE } from './servers'

interface RunningConsole {
  /** The embedded console database; undefined where the settings name another. */
  consoleUrl?: string
  /** The embedded sample; undefined where there is none. */
  sampleUrl?: string
  /** What PROCTOR_SECRET is where the settings give none. */
  secret: string
}

/** The console of this machine's data folder, as its launcher wrote it down; undefined where none was ever started. */
export async function runningConsole(wanted: string | undefined): Promise<RunningConsole | undefined> {
  const folder = await dataFolderPath(wanted)
  const kept = await readSecrets(folder)
  if (!kept) return undefined
  return {
    consoleUrl: await embeddedUrl(folder, 'console', CONSOLE_DATABASE, kept),
    sampleUrl: await embeddedUrl(folder, 'sample', SAMPLE_DATABASE, kept),
    secret: kept.session,
  }
}

/** The port stands in line 4 of postmaster.pid (PostgreSQL's source, miscadmin.h). */
async function embeddedUrl(folder: string, server: 'console' | 'sample', database: string, kept: Secrets): Promise<string | undefined> {
  const lines = await readFile(path.join(folder, server, 'data', 'postmaster.pid'), 'utf8').catch(() => undefined)
  return lines && `postgresql://postgres:${kept[server]}@127.0.0.1:${lines.split('\n')[3]}/${database}`
}
