import { eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { admit, roleOf } from './admission'
import { consoleDb } from './client'
import { findInvitation, invite } from './invitations'
import { oidcSettings } from './oidc-settings'
import { account, invitation, user } from './schema'
import { consoleForTests } from './test-console'

const settingsWith = (more: Record<string, string>) => {
  const settings = oidcSettings({
    PROCTOR_OIDC_ISSUER: 'https://login.example.org',
    PROCTOR_OIDC_CLIENT_ID: 'proctor',
    PROCTOR_OIDC_CLIENT_SECRET: 'secret',
    ...more,
  })
  if (!settings) throw new Error('no settings')
  return settings
}

const ADMIN = { email: 'admin@example.org', from: null }

const person = (subject: string, email: string, groups: string[] = []) => ({
  subject,
  email,
  verified: true,
  name: null,
  groups,
  from: null,
})

consoleForTests()

const roleIn = async (email: string) => (await consoleDb().select().from(user).where(eq(user.email, email)))[0]?.role

it('is not set without an issuer, and an empty variable counts as not set', () => {
  expect(oidcSettings({ PROCTOR_OIDC_ISSUER: '', PROCTOR_OIDC_NAME: '' })).toBeUndefined()
  expect(settingsWith({ PROCTOR_OIDC_DOMAINS: ' Example.NET ,' })).toMatchObject({
    name: 'single sign-on',
    domains: ['example.net'],
    roles: [],
  })
})

it('gives the role of the invitation where the settings map no groups, and leaves it to the console from then on', async () => {
  const settings = settingsWith({})
  const made = await invite('ida@example.org', 'operator', ADMIN)
  expect(await admit(person('1', 'Ida@Example.org', ['admin']), settings)).toEqual({ email: 'ida@example.org' })
  expect(await roleIn('ida@example.org')).toBe('operator')
  expect(await findInvitation(made.ok ? made.value.token : '')).toBeNull()
  await consoleDb().update(user).set({ role: 'admin' }).where(eq(user.email, 'ida@example.org'))
  await admit(person('1', 'ida@example.org'), settings)
  expect(await roleIn('ida@example.org')).toBe('admin')
})

it('takes an invitation that is over for none', async () => {
  await invite('late@example.org', 'admin', ADMIN)
  await consoleDb().update(invitation).set({ expiresAt: sql`now() - interval '1 second'` })
  expect(await admit(person('2', 'late@example.org'), settingsWith({}))).toEqual({ refused: 'unknown' })
})

it('makes one account of two first sign-ins at the same moment', async () => {
  const settings = settingsWith({ PROCTOR_OIDC_DOMAINS: 'example.net' })
  const both = await Promise.all([admit(person('3', 'tom@example.net'), settings), admit(person('3', 'tom@example.net'), settings)])
  expect(both).toEqual([{ email: 'tom@example.net' }, { email: 'tom@example.net' }])
  expect(await consoleDb().$count(account, eq(account.accountId, 'https://login.example.org 3'))).toBe(1)
})

it('knows nobody of another issuer by the same subject', async () => {
  const other = settingsWith({ PROCTOR_OIDC_ISSUER: 'https://elsewhere.example.org' })
  expect(await admit(person('1', 'eve@example.com'), other)).toEqual({ refused: 'unknown' })
  expect(await admit(person('9', 'ida@example.org'), other)).toEqual({ refused: 'taken' })
})

it('takes the highest role of the groups, and a group may hold an equals sign', () => {
  const settings = settingsWith({ PROCTOR_OIDC_ROLES: 'cn=dba=operator, cn=leads=admin' })
  expect(roleOf(['cn=leads', 'cn=dba'], settings)).toBe('admin')
  expect(roleOf(['cn=dba', 'dba'], settings)).toBe('operator')
  expect(roleOf(['leads'], settings)).toBe('viewer')
})

it.each([
  ['an address with NUL', person('s 1', 'eve\0@example.net')],
  ['an address with half a character', person('s 2', 'eve\ud800@example.net')],
  ['an address of two lines', person('s 3', 'eve\n{"level":"error"}@example.net')],
  ['an identity with NUL', person('s\0', 'eve@example.net')],
  ['an identity with half a character', person('\udfff', 'eve@example.net')],
])('refuses %s', async (_, sent) => {
  expect(await admit(sent, settingsWith({ PROCTOR_OIDC_DOMAINS: 'example.net' }))).toEqual({ refused: 'unfit' })
})

it('makes a name of what the provider sends as one', async () => {
  const settings = settingsWith({ PROCTOR_OIDC_DOMAINS: 'example.net' })
  const named = { ...person('s 4', 'odd@example.net'), name: `a\0\n\ud800${'x'.repeat(98)}😀` }
  expect(await admit(named, settings)).toEqual({ email: 'odd@example.net' })
  const [made] = await consoleDb().select().from(user).where(eq(user.email, 'odd@example.net'))
  expect(made?.name).toBe(`a${'x'.repeat(98)}\ufffd`)
  expect(await admit({ ...person('s 5', 'none@example.net'), name: '\0 \ud800' }, settings)).toEqual({ email: 'none@example.net' })
})
