import { eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { admit, roleOf } from './admission'
import { consoleDb } from './client'
import { findInvitation, invite } from './invitations'
import { oidcSettings } from './oidc-settings'
import { account, invitation, user } from './schema'

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

it('holds everybody to the domains that are set, invited and tied people too', async () => {
  const settings = settingsWith({ PROCTOR_OIDC_DOMAINS: 'example.net' })
  await invite('invited@example.org', 'operator', ADMIN)
  for (const [subject, email] of [
    ['1', 'ida@example.org'], // tied
    ['5', 'invited@example.org'],
    ['6', 'new@example.org'],
    ['7', 'new@sub.example.net'],
    ['7', 'new@example.net.example.org'],
    ['7', 'new@notexample.net'],
  ] as const) {
    expect(await admit(person(subject, email), settings), email).toEqual({ refused: 'domain' })
  }
  expect(await consoleDb().$count(invitation, eq(invitation.email, 'invited@example.org'))).toBe(1)
  expect(await admit(person('1', 'ida@example.net'), settings)).toEqual({ email: 'ida@example.org' }) // tied by subject, not by address
})

it.each([
  ['an address that becomes another one in lower case', { email: 'x@exampl\u212a.net' }],
  ['a local part that does', { email: '\u212aim@example.net' }],
  ['a NUL', { email: 'x\0@example.net' }],
  ['half a character', { email: '\ud800x@example.net' }],
  ['a line break', { email: 'x\n@example.net' }],
  ['two addresses', { email: 'x@evil.example,y@example.net' }],
  ['a name with the address', { email: 'X <x@example.net>' }],
  ['quotes', { email: '"x@evil.example"@example.net' }],
  ['a comment', { email: 'x@evil.example(@example.net' }],
  ['one that would be another if it were cut', { email: `${'x'.repeat(308)}@example.net.evil.example` }],
  ['a dot at the end', { email: 'x@example.net.' }],
  ['no subject', { subject: '' }],
  ['a subject with a NUL', { subject: 'a\0b' }],
  ['a subject that is too long', { subject: 'x'.repeat(256) }],
])('takes %s for nobody’s that an account can belong to', async (_, more) => {
  const settings = settingsWith({ PROCTOR_OIDC_DOMAINS: 'example.net,examplk.net' })
  expect(await admit({ ...person('8', 'x@example.net'), ...more }, settings)).toEqual({ refused: 'unfit' })
})

it.each([{ email: null }, { email: '' }, { verified: false }])(
  'takes somebody for no one that the provider vouches for: %j',
  async (more) => {
    expect(await admit({ ...person('8', 'x@example.net'), ...more }, settingsWith({}))).toEqual({ refused: 'unverified' })
  },
)

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
