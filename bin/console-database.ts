import process from 'node:process'
import { claimFolder } from './claim-folder'
import { dataFolderPath } from './data-folder'
import { runningConsole } from './running-console'
import { readSecrets } from './secrets'
import { CONSOLE_DATABASE, startConsoleServer } from './servers'
import { UserError } from './settings'

/** A console's database, for a command that needs no console. */
export interface FoundDatabase {
  url: string
  /** Which console that is, for a sentence; without the password. */
  which: string
  /** Opens its sealed passwords, keys its audit; undefined where it is not known here. */
  secret?: string
  /** Whether it is the one that the data folder's console works on. */
  own: boolean
}

/**
 * Does something with a console's database: of the address that is given, else of PROCTOR_DATABASE_URL, else of the data folder's
 * console. Where that one is not running, its server is started for as long as it takes, under the folder's claim, so that no
 * console starts meanwhile. Errors: a UserError where there is none.
 */
export async function withConsoleDatabase<T>(given: string | undefined, work: (found: FoundDatabase) => Promise<T>): Promise<T> {
  const { PROCTOR_DATABASE_URL: elsewhere, PROCTOR_DATA_DIR, PROCTOR_SECRET } = process.env
  const folder = await dataFolderPath(PROCTOR_DATA_DIR)
  const kept = await readSecrets(folder)
  const secret = PROCTOR_SECRET || kept?.session
  const running = await runningConsole(PROCTOR_DATA_DIR)
  const url = given ?? (elsewhere || undefined)
  if (url) return work({ url, which: addressOf(url), secret, own: kept !== undefined && url === (elsewhere || running?.consoleUrl) })
  if (!kept) {
    throw new UserError(
      `No console was ever started on ${folder}: set PROCTOR_DATA_DIR to the data folder of one, or give its database, --url postgres://user:password@host:port/database`,
    )
  }
  const claim = await claimFolder(folder, 'visitor').catch((error) => {
    if (running?.consoleUrl) return undefined // a console has it, and its database runs
    throw error
  })
  const found = (at: string): FoundDatabase => ({ url: at, which: `of ${folder} (${addressOf(at)})`, secret, own: true })
  if (!claim) return work(found(running?.consoleUrl ?? ''))
  try {
    const told = { onEnd: (how: string) => console.error(`The console database ended unexpectedly (${how}).`) }
    const server = await startConsoleServer(folder, kept, told, process.env.PROCTOR_POSTGRES_BIN || undefined)
    try {
      const at = new URL(server.url)
      at.pathname = `/${CONSOLE_DATABASE}`
      return await work(found(at.href))
    } finally {
      await server.stop()
    }
  } finally {
    await claim.release()
  }
}

function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'the given address'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
