import { randomBytes } from 'node:crypto'
import { auditKey } from '../db/console/audit-key'
import type { BackupHeader } from '../db/console/backup/backup-file'
import { unsealSecret } from '../db/console/backup/sealed-secret'
import { readPassphrase } from './passphrase'
import { UserError } from './settings'

export interface SecretOptions {
  passphraseFile?: string
  withoutSecrets?: boolean
}

export interface ChosenSecret {
  secret: string
  /** Whether it is the one that the console had when it was backed up. */
  isFormer: boolean
  /** Of the two places that a secret may be in already: where it was; undefined when it has to be kept yet. */
  from?: 'PROCTOR_SECRET' | 'secrets.json'
}

interface Kept {
  /** PROCTOR_SECRET. */
  given?: string | undefined
  /** Of the data folder's secrets.json. */
  kept?: string | undefined
}

/**
 * The secret of the restored console: the one that is here already, the one in the backup, or a new one.
 * Errors: a UserError when one is here that is not the backup's, while the backup has its own; a BackupError for a wrong passphrase.
 */
export async function chooseSecret(backup: BackupHeader, { given, kept }: Kept, options: SecretOptions): Promise<ChosenSecret> {
  const isFormer = (secret: string) => backup.secretId === null || auditKey(secret).id === backup.secretId
  const here = given ?? kept
  const from = given === undefined ? 'secrets.json' : 'PROCTOR_SECRET'
  if (here !== undefined && isFormer(here)) return { secret: here, isFormer: true, from }
  if (backup.sealedSecret !== null && !options.withoutSecrets) {
    if (here !== undefined) {
      throw new UserError(
        `${from === 'PROCTOR_SECRET' ? from : 'The secrets.json of the data folder'} is another secret than the one in the backup: take it away, or leave that one closed with --without-secrets`,
      )
    }
    return {
      secret: await unsealSecret(backup.sealedSecret, await readPassphrase(options.passphraseFile, false), backup.at),
      isFormer: true,
    }
  }
  return here === undefined ? { secret: randomBytes(32).toString('base64url'), isFormer: false } : { secret: here, isFormer: false, from }
}
