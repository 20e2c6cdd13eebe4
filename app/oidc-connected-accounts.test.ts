import { describe, expect, it } from 'vitest'
import { ownSessions, ownWays } from '@/db/console/own-account'
import { untieProvider } from '@/db/console/users'
import { codeOf, wrongCode } from '../test/support/authenticator'
import { identities, lastLine, oidcForTests } from '../test/support/oidc'
import { ADA, nextAddress, ORIGIN, PASSWORD, postAuth } from '../test/support/test-accounts'
import type { Claims } from '../test/support/test-provider'
import { keptCookies, requestWith } from '../test/support/test-request'
import * as actions from './account/actions'

const { provider, accounts, throughPages, back, through } = oidcForTests()

const EMAIL = 'viewer@example.org'
const VERA = { email: EMAIL, email_verified: true, name: 'Somebody' }

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
