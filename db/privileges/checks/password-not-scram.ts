import type { Check } from '../../checks/define-check'
import { formatCount, formatFirst } from '../../domain/format'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { aboutSettings, alterSystem, readSettings } from '../../settings/settings-found'
import { passwordKinds } from '../reads/password-kinds'

/**
 * MD5 is deprecated, and whoever reads a hash can log in with it (manual, 21.5). One finding for all roles. Silent about roles without a password; who may not read
 * pg_authid is told of password_encryption alone.
 */
export const passwordNotScram: Check = {
  name: 'password-not-scram',
  about: 'Passwords are kept as MD5 hashes, or new ones would be: whoever reads such a hash can log in with it',
  cadence: 'hour',
  scope: 'server',
  look: async (target) => {
    const [settings, kinds] = await Promise.all([readSettings(target, ['password_encryption']), runRead(target, passwordKinds, {})])
    if (!settings.ok) return settings
    if (!kinds.ok && kinds.problem.kind !== 'insufficient_privilege') return kinds
    const isOff = settings.value.get('password_encryption')?.setting === 'md5'
    const roles = kinds.ok ? kinds.value.filter(({ kind }) => kind === 'md5').map(({ rolname }) => identifier(rolname)) : []
    if (!isOff && roles.length === 0) return ok([])
    const seen = kinds.ok ? '' : ' Which roles have one only a superuser sees.'
    return ok([
      {
        ...aboutSettings,
        title:
          roles.length > 0
            ? `${formatCount(roles.length, 'role')} ${roles.length === 1 ? 'has' : 'have'} an MD5 password`
            : 'New passwords are kept as MD5 hashes',
        evidence: `${roles.length > 0 ? `${formatFirst(roles)}. ` : ''}password_encryption is ${isOff ? 'md5' : 'scram-sha-256: a password that is set anew is kept as SCRAM'}.${seen} Rows of pg_hba.conf that say md5 take SCRAM passwords too; clients need libpq 10 or a driver that knows SCRAM.`,
        severity: 'warn',
        fix: null,
        sql: isOff ? alterSystem({ password_encryption: "'scram-sha-256'" }) : null,
      },
    ])
  },
}
