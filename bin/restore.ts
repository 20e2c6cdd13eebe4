import { readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { Command } from 'commander'
import { type OpenBackup, openBackup } from '../db/console/backup/backup-file'
import { knownOf } from '../db/console/backup/migrations'
import { restoreBackup } from '../db/console/backup/restore-backup'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { clearLeftOver } from '../db/embedded/left-over'
import { calledFrom, contentsOf } from './backup'
import { checkServer } from './check-server'
import { claimFolder } from './claim-folder'
import { dataFolder } from './data-folder'
import { finishRestore } from './finish-restore'
import { PASSPHRASE_FROM } from './passphrase'
import { type ChosenSecret, chooseSecret, type SecretOptions } from './restored-secret'
import { readSecrets, secrets } from './secrets'
import { sentenceOf } from './sentence'
import { CONSOLE_DATABASE, ensureDatabase } from './servers'
import { readSettings, type Settings, UserError } from './settings'
import { untilInterrupted } from './until-interrupted'

interface RestoreOptions extends SecretOptions {
  resetSecondFactors?: boolean
}

/** `proctor restore`. */
export function restoreCommand(program: Command): void {
  program
    .command('restore <file>')
    .description(
      'restore a console from a backup into an empty data folder (PROCTOR_DATA_DIR) or the empty database of PROCTOR_DATABASE_URL; all or nothing, exit status 2 on failure',
    )
    .option('--passphrase-file <file>', `of the secret in the backup: ${PASSPHRASE_FROM}`)
    .option('--without-secrets', 'ignore the secret in the backup')
    .option('--reset-second-factors', 'remove all second factors: for a console whose secret is lost')
    .action(async (file: string, options: RestoreOptions) => {
      const backup = await openBackup(calledFrom(file))
      try {
        process.stdout.write(`${await restore(backup, options)}\n`)
      } catch (error) {
        const sentence = sentenceOf(error)
        throw sentence ? new UserError(sentence) : error
      } finally {
        await backup.close()
      }
    })
}

async function restore(backup: OpenBackup, options: RestoreOptions): Promise<string> {
  knownOf(backup)
  const settings = readSettings(process.env)
  const { PROCTOR_DATABASE_URL: elsewhere, PROCTOR_DATA_DIR, PROCTOR_SECRET: given } = settings
  if (elsewhere) await checkServer('PROCTOR_DATABASE_URL', elsewhere)
  const folder = await dataFolder(PROCTOR_DATA_DIR)
  if (!elsewhere) await refuseFull(folder)
  const claim = elsewhere ? undefined : await claimFolder(folder, 'visitor')
  try {
    const kept = await readSecrets(folder)
    const chosen = await chooseSecret(backup, { given, kept: kept?.session }, options)
    const words = await untilInterrupted((signal) => make(backup, folder, settings, chosen, options, signal))
    const where = elsewhere ? 'the database of PROCTOR_DATABASE_URL' : folder
    const what = `${contentsOf(backup)}, as of ${backup.at}, from Proctor ${backup.console} on PostgreSQL ${backup.postgresql}`
    return [`Restored into ${where}: ${what}.`, ...words].join('\n')
  } finally {
    await claim?.release()
  }
}

/** Makes the console. Says what whoever restores it has to know. */
async function make(
  backup: OpenBackup,
  folder: string,
  settings: Settings,
  chosen: ChosenSecret,
  options: RestoreOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const words: string[] = []
  process.env.PROCTOR_SECRET = chosen.secret // the key of the audit's lines comes from it
  const fill = async (url: string) => {
    const leftOut = await restoreBackup(
      url,
      backup,
      async (tx) => void words.push(...(await finishRestore(tx, backup, chosen, options))),
      signal,
    )
    if (leftOut.length > 0) words.push(`Left out, as they are none of Proctor's: ${leftOut.join(', ')}.`)
  }
  const wereThere = (await readSecrets(folder)) !== undefined
  const { console: password } = await secrets(folder, undefined, chosen.secret)
  try {
    await (settings.PROCTOR_DATABASE_URL ? fill(settings.PROCTOR_DATABASE_URL) : intoFolder(folder, password, settings, fill, signal))
  } catch (error) {
    if (!wereThere) await rm(path.join(folder, 'secrets.json'), { force: true })
    throw error
  }
  return words
}

/** Under another name until it is whole: what a killed restore leaves there is no console. */
const UNFINISHED = 'restoring'

/** What an empty data folder may hold: secrets that were kept beside the backup, and what was left of earlier tries. */
const ALLOWED = /^(secrets\.json|audit-heads\.json|console\.(lock(-journal)?|pid)|binaries|restoring|lost\+found)$/

async function refuseFull(folder: string): Promise<void> {
  const there = (await readdir(folder)).find((name) => !ALLOWED.test(name))
  if (there)
    throw new UserError(`${folder} is not empty (${there}): a backup is restored into an empty folder; set PROCTOR_DATA_DIR to another`)
}

/** Makes the console's own server for it. Whatever fails, the folder is as it was. */
async function intoFolder(
  folder: string,
  password: string,
  { PROCTOR_POSTGRES_BIN: bin }: Settings,
  work: (url: string) => Promise<void>,
  stopping: AbortSignal,
) {
  const unfinished = path.join(folder, UNFINISHED)
  await clearLeftOver(path.join(unfinished, 'data'))
  await rm(unfinished, { recursive: true, force: true })
  try {
    const cluster = await startCluster({
      major: 18,
      folder: unfinished,
      binariesCopy: path.join(folder, 'binaries'),
      port: await freePort(),
      password,
      stopping,
      ...(bin && { own: { bin, extensions: [] } }),
    })
    try {
      await work(await ensureDatabase(cluster.url, CONSOLE_DATABASE))
    } finally {
      await cluster.stop()
    }
    await rename(unfinished, path.join(folder, 'console'))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}
