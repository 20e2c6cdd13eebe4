import { eq } from 'drizzle-orm'
import { expect, it, onTestFinished } from 'vitest'
import { closeConsole, consoleDb } from '@/db/console/client'
import { connectProvider, disconnectProvider } from '@/db/console/connect-provider'
import { invite } from '@/db/console/invitations'
import { oidcSettings } from '@/db/console/oidc-settings'
import { endOtherSessions, ownSessions, ownWays } from '@/db/console/own-account'
import { account, audit, user } from '@/db/console/schema'
import { closeAccount, listUsers, openAccount, untieProvider } from '@/db/console/users'
import { freePort } from '@/db/embedded/free-port'
import { identities, lastLine, oidcForTests, refusedLine } from '../test/support/oidc'
import { ADA, consoleUserOf, nextAddress, ORIGIN, postAuth, testAccounts } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { GET as toProvider } from './(auth)/sign-in/provider/route'
import { answerAuth } from './auth'
import { refusalWords } from './provider-messages'

const { provider, atProvider, back, through } = oidcForTests()

it('lets in who is invited, keeps no token, and lists and ends the session like any other', async () => {
  await invite('ida@example.org', 'viewer', ADA)
  const first = await through('ida-1', { email: 'Ida@example.org', email_verified: true, name: 'Ida', groups: ['dba'] })
  expect(first).toMatchObject({ to: '/runs', user: { email: 'ida@example.org', name: 'Ida', role: 'operator' } })
  expect(await lastLine()).toMatchObject({ actor: 'ida@example.org', action: 'sign-in', detail: { how: 'Example ID', agent: 'test' } })
  const [tied] = await consoleDb().select().from(account).where(eq(account.providerId, 'oidc'))
  expect(tied).toMatchObject({
    accountId: `${provider.issuer} ida-1`,
    accessToken: null,
    refreshToken: null,
    idToken: null,
    password: null,
  })
  const id = first.user?.id ?? ''
  expect(await ownWays(id)).toEqual({ password: false, code: false, provider: true })
  expect((await listUsers()).find((one) => one.id === id)).toMatchObject({
    by: { password: false, code: false, provider: true },
    sessions: 1,
  })

  const second = await through('ida-1', { email: 'ida@example.org', email_verified: true, groups: ['dba'] }, '/.//evil.example/')
  expect(second).toMatchObject({ to: '/', user: { id } })
  expect(await ownSessions(id)).toMatchObject([
    { id: second.sessionId, agent: 'test', address: expect.stringMatching(/^192\.0\.2\./) },
    { id: first.sessionId },
  ])
  expect(await endOtherSessions({ id, email: 'ida@example.org', from: null }, second.sessionId ?? '')).toMatchObject({ ok: true })
  expect(await ownSessions(id)).toMatchObject([{ id: second.sessionId }])
})

it('lets in a verified address of an allowed domain, and nobody else', async () => {
  expect(await through('nils', { email: 'nils@example.net', email_verified: true })).toMatchObject({
    user: { role: 'viewer', name: 'nils@example.net' },
  })
  for (const email of ['eve@evil.example', 'eve@example.net.evil.example', 'eve@sub.example.net']) {
    expect(await through(`eve of ${email}`, { email, email_verified: true })).toEqual({ to: '/sign-in?error=domain' })
    expect(await lastLine()).toMatchObject(refusedLine(email, 'domain'))
  }
  for (const email_verified of [false, 'false', 'yes']) {
    expect(await through('eve', { email: 'eve@example.net', email_verified })).toEqual({ to: '/sign-in?error=unverified' })
  }
  expect(await through('eve', {})).toEqual({ to: '/sign-in?error=unverified' })
  expect(await consoleDb().$count(user, eq(user.email, 'eve@example.net'))).toBe(0)
})

const EMAIL = 'viewer@example.org'
const VERA = { email: EMAIL, email_verified: true, name: 'Somebody' }

it('opens no account that has a password by its address, whoever vouches for it', async () => {
  const before = await identities()
  expect(await through('eve', { ...VERA, email_verified: false })).toEqual({ to: '/sign-in?error=unverified' })
  expect(await lastLine()).toMatchObject(refusedLine(EMAIL, 'unverified'))
  for (const email of [EMAIL, 'Viewer@Example.ORG']) {
    expect(await through('vera', { ...VERA, email })).toEqual({ to: '/sign-in?error=password' })
  }
  expect(await lastLine()).toMatchObject(refusedLine('Viewer@Example.ORG', 'password'))
  expect(await identities()).toBe(before)
})

it('gives an account without a password that was untied to the next one with its verified address', async () => {
  const ida = { email: 'ida@example.org', email_verified: true }
  const id = await consoleUserOf(ida.email)
  expect(await through('ida-2', ida)).toEqual({ to: '/sign-in?error=taken' })
  expect(await untieProvider(id, ADA)).toMatchObject({ ok: true })
  expect(await through('ida-2', ida)).toMatchObject({ user: { id } })
  expect(await through('ida-1', ida)).toEqual({ to: '/sign-in?error=taken' })
  expect(await disconnectProvider({ id, email: ida.email, from: null }, '')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
})

it('follows the groups at each sign-in, up and down, and keeps the last administrator', async () => {
  const roleWith = async (...groups: string[]) =>
    (await through('nils', { email: 'nils@example.net', email_verified: true, groups })).user?.role
  expect(await roleWith('cooks', 'dba')).toBe('operator')
  expect(await roleWith('dba', 'dba-leads')).toBe('admin')
  expect((await consoleDb().select().from(audit).where(eq(audit.action, 'change-role'))).at(-1)).toMatchObject({
    actor: 'proctor',
    detail: { user: 'nils@example.net', before: 'operator', after: 'admin', provider: 'Example ID' },
  })
  expect(await roleWith()).toBe('viewer')
  const ada = { subject: 'ada', email: 'admin@example.org', verified: true, name: null, groups: [], from: null }
  const settings = oidcSettings(process.env)
  if (!settings) throw new Error('no settings')
  expect(await connectProvider(await consoleUserOf('admin@example.org'), ada, settings)).toEqual({ connected: true })
  expect((await through('ada', { email: 'admin@example.org', email_verified: true })).user?.role).toBe('admin')
})

it('refuses a closed account, tied or not', async () => {
  const id = await consoleUserOf('nils@example.net')
  for (const [closed, sub, email] of [
    [id, 'nils', 'nils@example.net'],
    ['operator', 'olga', 'operator@example.org'],
  ] as const) {
    await closeAccount(closed, ADA)
    expect(await through(sub, { email, email_verified: true })).toEqual({ to: '/sign-in?error=closed' })
    expect(await lastLine()).toMatchObject(refusedLine(email, 'closed'))
    await openAccount(closed, ADA)
  }
  expect(await through('nils', { email: 'nils@example.net', email_verified: true })).toMatchObject({ user: { id } })
})

it('opens nothing with a state of somebody else, a code for the second time, or without either', async () => {
  const claims = { email: 'nils@example.net', email_verified: true }
  const failedLine = (why: string) => ({ actor: 'nobody', action: 'sign-in.failed', detail: { why, how: 'Example ID' } })

  const theirs = await atProvider('nils', claims)
  expect(await back({ ...theirs, cookie: '' })).toEqual({ to: '/sign-in?error=state_mismatch' })
  expect(await lastLine()).toMatchObject(failedLine('state_mismatch'))
  const own = await atProvider('nils', claims)
  expect(await back({ callback: theirs.callback, cookie: own.cookie })).toEqual({ to: '/sign-in?error=state_mismatch' })
  const altered = new URL(own.callback)
  altered.searchParams.set('state', 'x'.repeat(32))
  expect(await back({ ...own, callback: altered })).toEqual({ to: '/sign-in?error=state_mismatch' })

  expect(await back(own)).toMatchObject({ to: '/runs', user: { email: 'nils@example.net' } })
  expect(await back(own)).toEqual({ to: '/sign-in?error=state_mismatch' })
  // A code of one sign-in under the state of another: PKCE and nonce belong to the state.
  const one = await atProvider('nils', claims)
  const other = await atProvider('nils', claims)
  const mixed = new URL(one.callback)
  mixed.searchParams.set('code', other.callback.searchParams.get('code') ?? '')
  expect(await back({ callback: mixed, cookie: one.cookie })).toEqual({ to: '/sign-in?error=invalid_code' })
  expect(await lastLine()).toMatchObject(failedLine('invalid_code'))

  expect(await back({ callback: new URL(`${ORIGIN}/api/auth/callback/oidc`), cookie: '' })).toMatchObject({
    to: '/sign-in?error=state_not_found',
  })
  expect((await answerAuth(new Request(`${ORIGIN}/api/auth/callback/github?state=x&code=y`))).status).toBe(404)
  expect((await through('', {})).to).toMatch(/^\/sign-in\?error=access_denied/)
})

it('takes no token that somebody brings along, and gives none out', async () => {
  const brought = { provider: 'oidc', idToken: { token: 'e30.e30.', nonce: 'x' } }
  expect((await postAuth('/sign-in/social', brought, nextAddress())).status).toBe(400)
  for (const path of ['/get-access-token', '/refresh-token', '/link-social', '/unlink-account', '/account-info']) {
    expect((await postAuth(path, { providerId: 'oidc' })).status, path).toBe(404)
  }
})

it('keeps passwords working while the provider is away, and says so', async () => {
  await closeConsole()
  process.env.PROCTOR_OIDC_ISSUER = `http://127.0.0.1:${await freePort()}`
  const { database, cookies } = await testAccounts()
  onTestFinished(async () => {
    await closeConsole()
    await database.drop()
  })
  expect(cookies.viewer).toContain('proctor.session_token=')
  requestWith({ host: '127.0.0.1:3000', ...nextAddress() })
  const answer = await toProvider(new Request(`${ORIGIN}/sign-in/provider`))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?error=unreachable'])
})

it.each(['unknown', 'constructor', '<script>'])('has words for the error %j, of which none are its own', (error) => {
  expect(refusalWords(error, 'Example ID')).toMatch(/^(Example ID|The sign-in by Example ID) /)
  expect(refusalWords(error, 'Example ID')).not.toContain('script')
})
