import { twoFactor } from 'better-auth/plugins/two-factor'
import { backupCodes } from './backup-codes'

/**
 * better-auth's second factor. A trusted device would be a way round the code; with an age of 0 none is. Its own lock would let
 * whoever knows the password keep the owner out, so wrong codes are counted in db/console/sign-in-waits.ts alone.
 */
export const secondFactor = twoFactor({
  trustDeviceMaxAge: 0,
  accountLockout: { enabled: false },
  backupCodeOptions: { customBackupCodesGenerate: backupCodes },
})
