import { and, isNotNull, isNull } from 'drizzle-orm'
import { writeAudit } from '../db/console/audit'
import type { BackupHeader } from '../db/console/backup/backup-file'
import type { RestoreTransaction } from '../db/console/backup/restore-backup'
import { PROCTOR } from '../db/console/roles'
import { server, twoFactor, user } from '../db/console/schema'
import type { ChosenSecret } from './restored-secret'

/**
 * In the transaction of a restore: writes it into the audit, takes second factors off where that was asked for, and says what whoever
 * restored has to know.
 */
export async function finishRestore(
  tx: RestoreTransaction,
  { at, console: version, consoleId }: BackupHeader,
  { isFormer, from }: ChosenSecret,
  { resetSecondFactors }: { resetSecondFactors?: boolean },
): Promise<string[]> {
  const factors = await tx.select({ userId: twoFactor.userId }).from(twoFactor)
  if (resetSecondFactors) {
    await tx.delete(twoFactor)
    await tx.update(user).set({ twoFactorEnabled: false })
  }
  const detail = {
    backupOf: at,
    version,
    consoleId,
    secret: isFormer ? 'the former' : 'another',
    ...(resetSecondFactors && { secondFactorsReset: factors.length }),
  }
  await writeAudit({ by: PROCTOR, action: 'console.restored', detail }, tx)
  const stored = await tx
    .select({ name: server.name })
    .from(server)
    .where(and(isNotNull(server.sealedPassword), isNull(server.removedAt)))
  return [
    isFormer
      ? FORMER[from ?? 'backup']
      : 'The secret is another than the console had: the audit up to now can be checked by its hashes alone.',
    ...(isFormer || stored.length === 0
      ? []
      : [`Stored passwords cannot be opened, and have to be entered again: ${stored.map(({ name }) => name).join(', ')}.`]),
    ...(resetSecondFactors ? [`Second factors taken off: ${factors.length}.`] : isFormer || factors.length === 0 ? [] : [CLOSED]),
    'Everybody signs in anew. Until somebody says whether it was moved or copied, this console leaves every monitored server alone: start it and answer there, or by npm run -s proctor -- moved, or copied.',
  ]
}

const FORMER = {
  backup: 'The secret of the console came out of the backup, into secrets.json of the data folder.',
  'secrets.json': 'The secrets.json of the data folder is that of the console.',
  PROCTOR_SECRET: 'PROCTOR_SECRET is the secret of the console: it has to be set at each start.',
}

const CLOSED =
  'Second factors cannot be opened, so whoever has one cannot sign in: restore once more with the secret of the console, or with --reset-second-factors.'
