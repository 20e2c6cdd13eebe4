import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Command } from 'commander'
import { bytes, exactCount } from '../components/format'
import { writeAudit } from '../db/console/audit'
import { auditKey } from '../db/console/audit-key'
import type { BackupHeader } from '../db/console/backup/backup-file'
import { writeBackup } from '../db/console/backup/write-backup'
import { connectConsole } from '../db/console/client'
import { withConsoleDatabase } from './console-database'
import { dataFolderPath } from './data-folder'
import { PASSPHRASE_FROM, readPassphrase } from './passphrase'
import { CHECKOUT, readSettings, UserError } from './settings'
import { untilInterrupted } from './until-interrupted'

interface BackupOptions {
  url?: string
  force?: boolean
  withSecrets?: boolean
  passphraseFile?: string
  minutes: string
}

/** `proctor backup`. */
export function backupCommand(program: Command): void {
  program
    .command('backup <file>')
    .description('back up a console, running or not, to one file: accounts, servers, history, runs, audit; exit status 2 on failure')
    .option('--url <address>', 'of the console database; default: PROCTOR_DATABASE_URL, or the console of this machine')
    .option('--force', 'replace an existing file')
    .option('--with-secrets', `include the console's secret, sealed by a passphrase: ${PASSPHRASE_FROM}`)
    .option('--passphrase-file <file>', 'whose first line is the passphrase')
    .option('--minutes <n>', 'give up after this many minutes', '60')
    .action(async (file: string, options: BackupOptions) => {
      process.stdout.write(`${await backup(file, options)}\n`)
    })
}

/** npm starts scripts in the checkout, and says where it was called. */
export const calledFrom = (file: string): string => path.resolve(process.env.INIT_CWD ?? '', file)

/** Version of this console. */
export const consoleVersion = async (): Promise<string> => JSON.parse(await readFile(path.join(CHECKOUT, 'package.json'), 'utf8')).version

async function backup(
  name: string,
  { url: given, force = false, withSecrets, passphraseFile, minutes: limit }: BackupOptions,
): Promise<string> {
  const { PROCTOR_DATA_DIR, PROCTOR_SECRET } = readSettings(process.env)
  const minutes = Number(limit)
  if (!(minutes > 0 && minutes <= 10_000)) throw new UserError('--minutes wants a number of minutes')
  const [file, version] = [calledFrom(name), await consoleVersion()]
  const passphrase = withSecrets ? await readPassphrase(passphraseFile, true) : undefined
  const kept = path.join(await dataFolderPath(PROCTOR_DATA_DIR), 'secrets.json')
  return untilInterrupted((signal) =>
    withConsoleDatabase(given, async ({ url, which, secret }) => {
      if (withSecrets && !secret)
        throw new UserError('PROCTOR_SECRET: the secret of the console is not here, so it cannot be put into the backup')
      const sealed = secret && passphrase ? { sealed: { secret, passphrase } } : {}
      const written = await writeBackup({ url, path: file, replace: force, version, minutes, signal, ...sealed })
      const isConsoles = secret !== undefined && written.secretId === auditKey(secret).id
      const isAnothers = !isConsoles && (secret === undefined || written.secretId !== null)
      const place = isAnothers ? 'the PROCTOR_SECRET of the console' : PROCTOR_SECRET ? 'PROCTOR_SECRET' : kept
      return [
        `${file}: ${bytes(written.bytes)}, ${contentsOf(written)}, as of ${written.at}, of the console ${which}`,
        written.sealedSecret
          ? 'The secret of the console is in it, under the passphrase: without that it stays closed.'
          : keepBeside(place),
        ...(isConsoles ? await note(url, secret, file, written) : []),
      ].join('\n')
    }),
  )
}

/** For both commands: how much a backup holds. */
export const contentsOf = ({ tables }: BackupHeader): string =>
  `${tables.length} tables, ${exactCount(tables.reduce((sum, { rows }) => sum + rows, 0))} rows`

const keepBeside = (place: string): string =>
  `The secret of the console is not in it. Keep ${place} as well, and elsewhere: without it stored passwords of servers and second factors cannot be opened, and the audit cannot be checked by its key.`

/** A copy of all accounts was made: the audit says so. */
async function note(url: string, secret: string, file: string, { bytes: size, tables, sealedSecret }: BackupHeader & { bytes: number }) {
  process.env.PROCTOR_SECRET = secret // the key of the audit's lines comes from it
  const home = connectConsole(url)
  const detail = { file, bytes: size, tables: tables.length, secret: sealedSecret ? 'sealed within' : 'left out' }
  try {
    const by = { email: `${userInfo().username}, on the command line`, from: null }
    await home.transaction((tx) => writeAudit({ by, action: 'console.backed-up', detail }, tx))
    return []
  } catch (error) {
    return [`The audit could not be told: ${error instanceof Error ? error.message : error}`]
  } finally {
    await home.$client.end()
  }
}
