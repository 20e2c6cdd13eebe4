import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closeConsole, consoleDb } from '@/db/console/client'
import { connectProvider, disconnectProvider } from '@/db/console/connect-provider'
import { invite } from '@/db/console/invitations'
import { oidcSettings } from '@/db/console/oidc-settings'
import { endOtherSessions, ownSessions, ownWays } from '@/db/console/own-account'
import { account, audit, user } from '@/db/console/schema'
import { closeAccount, listUsers, openAccount, untieProvider } from '@/db/console/users'
import { freePort } from '@/db/embedded/free-port'
import type { TestDatabase } from '@/db/embedded/test-database'
import { GET as toProvider } from './(auth)/sign-in/provider/route'
import * as actions from './account/actions'
import { answerAuth, auth } from './auth'
import { refusalWords } from './provider-messages'
import { ADA, consoleUserOf, nextAddress, ORIGIN, PASSWORD, postAuth, testAccounts } from './test-accounts'
import { codeOf, wrongCode } from './test-authenticator'
import { type Claims, startTestProvider, type TestProvider } from './test-provider'
import { keptCookies, requestWith } from './test-request'

let databases: TestDatabase[]
let accounts: Awaited<ReturnType<typeof testAccounts>>
let provider: TestProvider
beforeAll(async () => {
  provider = await startTestProvider([`${ORIGIN}/api/auth/callback/oidc`])
  Object.assign(process.env, {
    PROCTOR_OIDC_ISSUER: provider.issuer,
    PROCTOR_OIDC_CLIENT_ID: provider.clientId,
    PROCTOR_OIDC_CLIENT_SECRET: provider.clientSecret,
    PROCTOR_OIDC_NAME: 'Example ID',
    PROCTOR_OIDC_DOMAINS: 'example.net,example.org',
    PROCTOR_OIDC_ROLES: 'dba=operator, dba-leads=admin',
  })
  accounts = await testAccounts()
  databases = [accounts.database]
})
beforeEach(() => provider.people.clear())
afterAll(async () => {
  await provider.stop()
  await closeConsole()
  for (const database of databases) await database.drop()
})

/** A browser's way: the console's link, the provider's page, and the address that the provider sends it back to. */
async function atProvider(sub: string, claims: Claims, next = '/runs'): Promise<{ callback: URL; cookie: string }> {
  provider.people.set(sub, claims)
  requestWith({ host: '127.0.0.1:3000', ...nextAddress() })
  const begun = await toProvider(new Request(`${ORIGIN}/sign-in/provider?${new URLSearchParams({ next })}`))
  expect(begun.status).toBe(303)
  const cookie = keptCookies()
  const url = new URL(begun.headers.get('location') ?? '')
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    code_challenge_method: 'S256',
    state: expect.any(String),
    nonce: expect.any(String),
  })
  return { callback: await throughPages(url, sub), cookie }
}

/** Goes through the provider's pages as `sub`, up to the address that leads back. */
async function throughPages(begin: URL, sub: string): Promise<URL> {
  let url = begin
  const jar = new Map<string, string>()
  for (let step = 0; url.origin === provider.issuer; step++) {
    expect(step).toBeLessThan(10)
    const page = url.pathname.startsWith('/person/')
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }
    const body = page ? new URLSearchParams({ sub }) : undefined
    const answer = await fetch(url, { method: page ? 'POST' : 'GET', redirect: 'manual', headers, body })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    url = new URL(answer.headers.get('location') ?? '', url)
  }
  return url
}

/** Comes back to the console; who is signed in then, and where the browser is sent. */
async function back({ callback, cookie }: { callback: URL; cookie: string }) {
  const headers = { cookie, host: '127.0.0.1:3000', 'user-agent': 'test', ...nextAddress() }
  const answer = await answerAuth(new Request(callback, { headers }))
  const session = answer.headers.getSetCookie().find((line) => line.startsWith('proctor.session_token='))
  const opened = session ? await auth().api.getSession({ headers: new Headers({ cookie: session.split(';')[0] ?? '' }) }) : null
  return { to: answer.headers.get('location'), user: opened?.user, sessionId: opened?.session.id }
}

const through = async (sub: string, claims: Claims, next?: string) => back(await atProvider(sub, claims, next))

const lastLine = async () => (await consoleDb().select().from(audit).orderBy(desc(audit.id)).limit(1))[0]
const refusedLine = (email: string, why: string) => ({
  actor: 'nobody',
  action: 'sign-in.refused',
  detail: { email, why, how: 'Example ID', agent: 'test', from: expect.stringMatching(/^192\.0\.2\./) },
})

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
const identities = () => consoleDb().$count(account, eq(account.providerId, 'oidc'))

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

describe('an account with a password', () => {
  const as = (cookie: string) => requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })

  /** Gives the password on /account, goes to the provider as `sub`, and is about to come back in the same browser. */
  async function connecting(cookie: string, sub: string, claims: Claims, code?: string): Promise<{ callback: URL; cookie: string }> {
    provider.people.set(sub, claims)
    as(cookie)
    const begun = await actions.connectProvider(PASSWORD, code)
    if (!begun.ok) throw new Error(begun.problem.message)
    const kept = keptCookies()
    return { callback: await throughPages(new URL(begun.value.url), sub), cookie: `${cookie}; ${kept}` }
  }

  it('is connected with password by whoever is signed in to it, in that session, and opens by the provider from then on', async () => {
    const { viewer, operator } = accounts.cookies
    as(viewer)
    expect(await actions.connectProvider('wrong', '')).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    // Brought back in a browser without the session, or with another one: nothing is connected, nobody is signed in.
    for (const session of ['', operator]) {
      const begun = await connecting(viewer, 'vera', VERA)
      const cookie = begun.cookie.replace(viewer, session).replace(/^; /, '')
      expect(await back({ ...begun, cookie })).toEqual({ to: '/account?error=session' })
    }
    expect(await ownWays('viewer')).toMatchObject({ provider: false })
    const sessions = (await ownSessions('viewer')).length
    const begun = await connecting(viewer, 'vera', VERA)
    expect(await back(begun)).toEqual({ to: '/account?connected=1' })
    expect(await lastLine()).toMatchObject({
      actor: EMAIL,
      action: 'link-account',
      detail: { from: expect.stringMatching(/^192\.0\.2\./), provider: 'Example ID' },
    })
    expect(await back(begun)).toMatchObject({ to: expect.stringContaining('error=state_mismatch') }) // serves once
    expect(await ownSessions('viewer')).toHaveLength(sessions)
    expect(await ownWays('viewer')).toEqual({ password: true, code: false, provider: true })
    expect(await through('vera', VERA)).toMatchObject({ to: '/runs', user: { id: 'viewer', name: 'viewer' } })
    // The address was given to somebody else: it opens nothing.
    expect(await through('successor', VERA)).toEqual({ to: '/sign-in?error=taken' })
  })

  it('is connected to none but the own address, verified and in a domain, and to one identity', async () => {
    const tries: [string, Claims, string][] = [
      ['olga', { email: 'other@example.org', email_verified: true }, 'other'],
      ['olga', { email: 'operator@example.org', email_verified: false }, 'unverified'],
      ['olga', { email: 'operator@example.com', email_verified: true }, 'domain'],
      ['vera', { email: 'operator@example.org', email_verified: true }, 'taken'],
    ]
    const before = await identities()
    for (const [sub, claims, why] of tries) {
      expect(await back(await connecting(accounts.cookies.operator, sub, claims))).toEqual({ to: `/account?error=${why}` })
      expect(await lastLine()).toMatchObject({ actor: 'operator@example.org', action: 'link-account.refused', detail: { why } })
    }
    expect(await back(await connecting(accounts.cookies.viewer, 'successor', VERA))).toEqual({ to: '/account?error=connected' })
    expect(await identities()).toBe(before)
  })

  it('is not connected by what a browser sends past the page', async () => {
    const userId = 'operator'
    const [open] = await ownSessions(userId)
    const connect = { userId, sessionId: open?.id }
    const olga = { email: 'operator@example.org', email_verified: true }
    provider.people.set('olga', olga)
    for (const additionalData of [{ serverContext: { connect } }, { connect }, { link: { userId, email: olga.email } }]) {
      const body = { provider: 'oidc', callbackURL: '/account', disableRedirect: true, additionalData, serverContext: { connect } }
      const answer = await postAuth('/sign-in/social', body, { cookie: accounts.cookies.operator, ...nextAddress() })
      const { url } = await answer.json()
      const cookie = [accounts.cookies.operator, ...answer.headers.getSetCookie().map((line) => line.split(';')[0])].join('; ')
      requestWith({ host: '127.0.0.1:3000', ...nextAddress() })
      expect(await back({ callback: await throughPages(new URL(url), 'olga'), cookie })).toEqual({ to: '/sign-in?error=password' })
    }
    expect(await ownWays(userId)).toMatchObject({ provider: false })
  })

  it('is connected with a code too, where it has a second factor', async () => {
    as(accounts.cookies.operator)
    const begun = await actions.startSecondFactor(PASSWORD)
    if (!begun.ok) throw new Error(begun.problem.message)
    await actions.confirmSecondFactor(codeOf(begun.value.secret))
    const cookie = keptCookies()
    for (const code of [undefined, '', wrongCode(begun.value.secret)]) {
      as(cookie)
      expect(await actions.connectProvider(PASSWORD, code)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    }
    const claims = { email: 'operator@example.org', email_verified: true }
    expect(await back(await connecting(cookie, 'olga', claims, begun.value.backupCodes[0]))).toEqual({ to: '/account?connected=1' })
    as(cookie)
    expect(await actions.disconnectProvider(PASSWORD, '')).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    expect(await actions.disconnectProvider(PASSWORD, begun.value.backupCodes[1])).toEqual({ ok: true, value: null })
    accounts.cookies.operator = cookie
  })

  it('is disconnected by its owner, or untied by an administrator, and opens by its password alone then', async () => {
    as(accounts.cookies.viewer)
    expect(await actions.disconnectProvider('wrong', '')).toMatchObject({ ok: false })
    expect(await ownWays('viewer')).toMatchObject({ provider: true })
    as(accounts.cookies.viewer)
    expect(await actions.disconnectProvider(PASSWORD, '')).toEqual({ ok: true, value: null })
    expect(await ownSessions('viewer')).toHaveLength(1) // the one that asked
    expect(await lastLine()).toMatchObject({ actor: EMAIL, action: 'unlink-account' })
    for (const sub of ['vera', 'successor']) expect(await through(sub, VERA)).toEqual({ to: '/sign-in?error=password' })
    expect(await back(await connecting(accounts.cookies.viewer, 'vera', VERA))).toEqual({ to: '/account?connected=1' })
    expect(await untieProvider('viewer', ADA)).toMatchObject({ ok: true })
    expect(await through('vera', VERA)).toEqual({ to: '/sign-in?error=password' })
  })
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
  databases.push(database)
  expect(cookies.viewer).toContain('proctor.session_token=')
  requestWith({ host: '127.0.0.1:3000', ...nextAddress() })
  const answer = await toProvider(new Request(`${ORIGIN}/sign-in/provider`))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?error=unreachable'])
})

it.each(['unknown', 'constructor', '<script>'])('has words for the error %j, of which none are its own', (error) => {
  expect(refusalWords(error, 'Example ID')).toMatch(/^(Example ID|The sign-in by Example ID) /)
  expect(refusalWords(error, 'Example ID')).not.toContain('script')
})
