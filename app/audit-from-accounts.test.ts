import { sql } from 'drizzle-orm'
import { beforeAll } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { ownSessions } from '@/db/console/own-account'
import { setUpToken } from '@/db/console/set-up'
import { describeAuditFrom, form, from, type Step, signedIn } from '../test/support/audit-from'
import { codeOf, wrongCode } from '../test/support/authenticator'
import { accountsForTests, consoleUserOf, PASSWORD } from '../test/support/test-accounts'
import { keptCookies } from '../test/support/test-request'
import * as auth from './(auth)/actions'
import * as account from './account/actions'
import * as users from './users/actions'

/** Actions that only show, on the way to another one that is written down. */
const ONLY_SHOW = ['startSecondFactor', 'connectProvider']

const accounts = accountsForTests()
/** `made`: the session of whoever has a second factor since. */
const cookies = { nobody: '', viewer: '', operator: '', admin: '', made: '' }
beforeAll(() => void Object.assign(cookies, accounts.cookies))

/** What an action gave that a later one takes. */
const made = { secret: '', link: '' }
const OTHER = 'five other plain words here'

/** In this order: what is added is changed and taken away. */
const STEPS: Step<keyof typeof cookies>[] = [
  ['signIn', 'nobody', () => auth.signIn({}, form({ email: 'viewer@example.org', password: 'wrong' }))],
  [
    'setUp',
    'nobody',
    async () => {
      await consoleDb().execute(sql`update "user" set role = 'viewer' where role = 'admin'`)
      const token = await setUpToken(consoleDb())
      await consoleDb().execute(sql`update "user" set role = 'viewer' where role = 'admin'`)
      return auth
        .setUp(token ?? '', {}, form({ name: 'Eve', email: 'eve@example.org', password: PASSWORD }))
        .finally(() => consoleDb().execute(sql`update "user" set role = 'admin' where email = 'admin@example.org'`))
    },
  ],
  [
    'invitePerson',
    'admin',
    async () => {
      const invited = await users.invitePerson('grace@example.org', 'viewer')
      if (invited.ok) made.link = invited.value.link.split('/').at(-1) ?? ''
      return invited
    },
  ],
  ['join', 'nobody', () => auth.join(made.link, {}, form({ name: 'Grace', password: PASSWORD }))],
  [
    'withdraw',
    'admin',
    async () => {
      await users.invitePerson('tom@example.org', 'viewer')
      const { rows } = await consoleDb().execute(sql`select id from invitation`)
      return users.withdraw(rows[0]?.id)
    },
  ],
  ['giveRole', 'admin', async () => users.giveRole(await consoleUserOf('grace@example.org'), 'operator')],
  ['setClosed', 'admin', async () => users.setClosed(await consoleUserOf('grace@example.org'), true)],
  [
    'untie',
    'admin',
    async () => {
      await consoleDb().execute(sql`insert into account (id, account_id, provider_id, user_id) values ('p', 'issuer 1', 'oidc', 'viewer')`)
      return users.untie('viewer')
    },
  ],
  [
    'disconnectProvider',
    'viewer',
    async () => {
      await consoleDb().execute(sql`insert into account (id, account_id, provider_id, user_id) values ('p', 'issuer 1', 'oidc', 'viewer')`)
      await signedIn('viewer@example.org')
      return account.disconnectProvider(PASSWORD, '')
    },
  ],
  ['changeName', 'operator', () => account.changeName('Olga')],
  [
    'endSession',
    'operator',
    async () => {
      await signedIn('operator@example.org')
      const [newest] = await ownSessions('operator')
      return account.endSession(newest?.id)
    },
  ],
  [
    'endOthers',
    'operator',
    async () => {
      await signedIn('operator@example.org')
      from(cookies.operator)
      return account.endOthers()
    },
  ],
  [
    'confirmSecondFactor',
    'operator',
    async () => {
      const begun = await account.startSecondFactor(PASSWORD)
      if (begun.ok) made.secret = begun.value.secret
      const on = await account.confirmSecondFactor(codeOf(made.secret))
      cookies.made = keptCookies()
      return on
    },
  ],
  ['renewBackupCodes', 'made', () => account.renewBackupCodes(PASSWORD, codeOf(made.secret))],
  [
    'enterCode',
    'nobody',
    async () => {
      await signedIn('operator@example.org')
      return auth.enterCode({}, form({ code: wrongCode(made.secret) }))
    },
  ],
  ['resetCode', 'admin', () => users.resetCode('operator')],
  [
    'endSecondFactor',
    'nobody',
    async () => {
      await signedIn('viewer@example.org')
      const begun = await account.startSecondFactor(PASSWORD)
      await account.confirmSecondFactor(codeOf(begun.ok ? begun.value.secret : ''))
      from(keptCookies())
      return account.endSecondFactor(PASSWORD, begun.ok ? begun.value.backupCodes[0] : '')
    },
  ],
  [
    'changePassword',
    'nobody',
    async () => {
      await signedIn('viewer@example.org')
      return account.changePassword(PASSWORD, OTHER)
    },
  ],
  ['signOut', 'admin', () => auth.signOut()],
]

describeAuditFrom('accounts', ONLY_SHOW, STEPS, { cookies })
