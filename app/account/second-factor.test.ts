import { desc, eq } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auth } from '@/app/auth'
import { currentUser } from '@/app/session'
import * as users from '@/app/users/actions'
import { consoleDb } from '@/db/console/client'
import { ownSessions, ownWays } from '@/db/console/own-account'
import { audit, session, twoFactor } from '@/db/console/schema'
import { listUsers } from '@/db/console/users'
import { codeOf, wrongCode } from '@/test/support/authenticator'
import { accountsForTests, consoleUserOf, nextAddress, ORIGIN, PASSWORD, postAuth } from '@/test/support/test-accounts'
import { keptCookies, requestWith } from '@/test/support/test-request'
import * as actions from './actions'

const accounts = accountsForTests()
const as = (cookie: string) => requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })

const lines = async (actor: string) =>
  (await consoleDb().select().from(audit).where(eq(audit.actor, actor)).orderBy(desc(audit.id))).map(({ action, detail }) => ({
    action,
    how: detail.how,
  }))

async function turnedOn(who: 'viewer' | 'operator' | 'admin'): Promise<{ secret: string; backupCodes: string[]; cookie: string }> {
  as(accounts.cookies[who])
  const begun = await actions.startSecondFactor(PASSWORD)
  if (!begun.ok) throw new Error(begun.problem.message)
  const id = await consoleUserOf(`${who}@example.org`)
  expect(await ownWays(id)).toMatchObject({ password: true, code: false })
  expect(await actions.confirmSecondFactor(wrongCode(begun.value.secret))).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect(await actions.confirmSecondFactor(` ${codeOf(begun.value.secret).replace(/^.../, '$& ')} `)).toEqual({ ok: true, value: null })
  expect(await ownWays(id)).toMatchObject({ password: true, code: true })
  return { ...begun.value, cookie: keptCookies() }
}

/** The cookies of an answer, as a browser sends them back. */
const back = (answer: Response): string => {
  const jar = new Map(answer.headers.getSetCookie().map((line) => line.split(';')[0]?.split('=') as [string, string]))
  return [...jar].flatMap(([name, value]) => (value ? [`${name}=${value}`] : [])).join('; ')
}

const passwordOf = (email: string) => postAuth('/sign-in/email', { email, password: PASSWORD }, nextAddress())

/** Sends a code as the second step of a new sign-in. */
async function secondStep(email: string, code: string, path = '/two-factor/verify-totp'): Promise<Response> {
  return postAuth(path, { code }, { cookie: back(await passwordOf(email)), ...nextAddress() })
}

/** Each from another address, so that what is refused is refused for what it is. */
const from = <Given extends unknown[], Done>(cookie: () => string, act: (...given: Given) => Promise<Done>) => {
  return (...given: Given): Promise<Done> => {
    as(cookie())
    return act(...given)
  }
}

describe('a second factor', () => {
  let on: Awaited<ReturnType<typeof turnedOn>>
  /** The backup codes that serve at the end. */
  let kept: string[]
  const renew = from(() => on.cookie, actions.renewBackupCodes)
  const turnOff = from(() => on.cookie, actions.endSecondFactor)
  beforeAll(async () => {
    on = await turnedOn('viewer')
  })
  beforeEach(() => as(on.cookie))

  it('is encrypted at rest, and its secret leaves the server once', async () => {
    const rows = JSON.stringify(await consoleDb().select().from(twoFactor))
    for (const secret of [on.secret, ...on.backupCodes]) expect(rows).not.toContain(secret)
    expect(JSON.stringify(await consoleDb().select({ detail: audit.detail }).from(audit))).not.toContain(on.secret)
    expect(new Set(on.backupCodes).size).toBe(10)
    for (const code of on.backupCodes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5}$/)
    for (const path of ['/two-factor/get-totp-uri', '/two-factor/view-backup-codes', '/two-factor/send-otp']) {
      expect((await postAuth(path, { password: PASSWORD, userId: 'viewer' }, { cookie: on.cookie })).status, path).toBe(404)
    }
    expect(await actions.startSecondFactor(PASSWORD)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    expect(await currentUser()).toMatchObject({ email: 'viewer@example.org' })
    expect((await lines('viewer@example.org')).slice(0, 3)).toMatchObject([
      { action: 'second-factor.refused' }, // on already
      { action: 'second-factor.on' },
      { action: 'second-factor.refused' }, // the wrong code
    ])
  })

  it('makes the password open no session, and the code one', async () => {
    const before = (await lines('viewer@example.org')).length
    const sessions = (await ownSessions('viewer')).length
    const half = await passwordOf('viewer@example.org')
    expect(await half.json()).toMatchObject({ twoFactorRedirect: true })
    expect(await auth().api.getSession({ headers: new Headers({ cookie: back(half) }) })).toBeNull()
    expect(await ownSessions('viewer')).toHaveLength(sessions)
    expect(await lines('viewer@example.org')).toHaveLength(before)

    const cookie = back(half)
    expect((await postAuth('/two-factor/verify-totp', { code: wrongCode(on.secret) }, { cookie, ...nextAddress() })).status).toBe(401)
    expect((await lines('nobody'))[0]).toEqual({ action: 'sign-in.failed', how: 'password and code' })
    const code = codeOf(on.secret)
    const right = await postAuth('/two-factor/verify-totp', { code, trustDevice: true }, { cookie, ...nextAddress() })
    expect(right.status).toBe(200)
    expect(await auth().api.getSession({ headers: new Headers({ cookie: back(right) }) })).toMatchObject({ user: { id: 'viewer' } })
    expect((await lines('viewer@example.org'))[0]).toEqual({ action: 'sign-in', how: 'password and code' })

    // The same code again, though its half minute may not be over; and no device is trusted, whatever was asked for.
    expect(await (await secondStep('viewer@example.org', code)).json()).toMatchObject({ code: 'USED_CODE' })
    const again = await postAuth(
      '/sign-in/email',
      { email: 'viewer@example.org', password: PASSWORD },
      { cookie: back(right), ...nextAddress() },
    )
    expect(await again.json()).toMatchObject({ twoFactorRedirect: true })
    expect((await postAuth('/two-factor/verify-totp', { code }, { cookie, ...nextAddress() })).status).toBe(401) // the challenge is spent
  })

  it('is replaced by each backup code once; new ones end the old', async () => {
    const [first = '', second = '', third = ''] = on.backupCodes
    const path = '/two-factor/verify-backup-code'
    expect((await secondStep('viewer@example.org', 'aaaaa-aaaaa', path)).status).toBe(401)
    expect((await secondStep('viewer@example.org', first, path)).status).toBe(200)
    expect((await lines('viewer@example.org'))[0]).toEqual({ action: 'sign-in', how: 'password and backup code' })
    expect((await secondStep('viewer@example.org', first, path)).status).toBe(401)
    const refused = { ok: false, problem: { kind: 'invalid_input' } }
    expect(await renew('not the password', third)).toMatchObject(refused)
    for (const code of [undefined, '', wrongCode(on.secret), 'aaaaa-aaaaa', first]) {
      expect(await renew(PASSWORD, code)).toMatchObject(refused)
    }
    const renewed = await renew(PASSWORD, third) // which no wrong password has spent
    kept = renewed.ok ? renewed.value : []
    expect((await secondStep('viewer@example.org', second, path)).status).toBe(401)
    expect((await secondStep('viewer@example.org', kept[0] ?? '', path)).status).toBe(200)
    // Somebody who is signed in has nothing to try codes at.
    expect((await postAuth(path, { code: first }, { cookie: on.cookie, ...nextAddress() })).status).toBe(400)
    expect((await postAuth('/two-factor/verify-totp', { code: '000000' }, { cookie: on.cookie, ...nextAddress() })).status).toBe(400)
  })

  it.each([
    ['nothing', ''],
    ['a NUL', '\0'],
    ['far too much', 'x'.repeat(10_000)],
    ['an object', { $gt: '' }],
  ])('takes %s for no code, without an error of its own', async (_, code) => {
    const cookie = back(await passwordOf('viewer@example.org'))
    expect([400, 401]).toContain((await postAuth('/two-factor/verify-totp', { code }, { cookie, ...nextAddress() })).status)
  })

  it('is turned off with the password and a code, and with less by no way', async () => {
    const refused = { ok: false, problem: { kind: 'invalid_input' } }
    const [, code = ''] = kept
    expect(await turnOff('not the password', code)).toMatchObject(refused)
    for (const wrong of [undefined, '', kept[0], wrongCode(on.secret)]) expect(await turnOff(PASSWORD, wrong)).toMatchObject(refused)
    for (const path of ['/two-factor/disable', '/two-factor/generate-backup-codes']) {
      const answer = await postAuth(path, { password: PASSWORD }, { cookie: on.cookie, ...nextAddress() })
      expect([answer.status, await answer.json()], path).toMatchObject([400, { code: 'CODE_NEEDED' }])
    }
    expect(await ownWays('viewer')).toMatchObject({ password: true, code: true })
    expect(await turnOff(PASSWORD, ` ${code.toUpperCase()} `)).toEqual({ ok: true, value: null })
    expect(await ownWays('viewer')).toMatchObject({ password: true, code: false })
    expect(await consoleDb().$count(twoFactor)).toBe(0)
    expect((await lines('viewer@example.org')).map(({ action }) => action)).toContain('second-factor.off')
    expect(back(await passwordOf('viewer@example.org'))).toContain('session_token=')
  })
})

it('lets no code serve twice, for whatever it served first', async () => {
  const { secret, backupCodes, cookie } = await turnedOn('admin')
  const renew = from(() => cookie, actions.renewBackupCodes)
  const turnOff = from(() => cookie, actions.endSecondFactor)
  const code = codeOf(secret)
  expect((await secondStep('admin@example.org', code)).status).toBe(200)
  expect(await turnOff(PASSWORD, code)).toMatchObject({
    ok: false,
    problem: { message: expect.stringContaining('was used') },
  })
  const next = codeOf(secret, 1)
  const renewed = await renew(PASSWORD, next)
  expect(await (await secondStep('admin@example.org', next)).json()).toMatchObject({ code: 'USED_CODE' })
  expect(await turnOff(PASSWORD, backupCodes[0])).toMatchObject({ ok: false }) // ended by the new ones
  expect(await turnOff(PASSWORD, renewed.ok ? renewed.value[0] : '')).toMatchObject({ ok: true })
  accounts.cookies.admin = keptCookies()
})

it('is guessed ten times at most, over however many beginnings and addresses', async () => {
  const { secret } = await turnedOn('operator')
  let tried = 0
  for (let beginning = 0; beginning < 4; beginning++) {
    const half = await passwordOf('operator@example.org')
    if (!half.ok) break
    for (let guess = 0; guess < 5; guess++) {
      const { status } = await postAuth('/two-factor/verify-totp', { code: wrongCode(secret) }, { cookie: back(half), ...nextAddress() })
      if (status === 401) tried++
    }
  }
  expect(tried).toBe(10)
  // From wherever: the password is right, its code is not looked at, neither a wrong one nor the right one.
  expect(await (await secondStep('operator@example.org', codeOf(secret))).json()).toMatchObject({ code: 'WAITS' })
})

it('is taken away by an administrator from whoever lost the device, not from oneself', async () => {
  as(accounts.cookies.viewer)
  expect(await users.resetCode('operator')).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
  as(accounts.cookies.admin)
  const listed = async (email: string) => (await listUsers()).find((one) => one.email === email)
  expect((await listed('operator@example.org'))?.by).toEqual({ password: true, code: true, provider: false })
  const own = await listed('admin@example.org')
  expect(await users.resetCode(own?.id)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await users.resetCode('viewer')).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect(await users.resetCode('operator')).toEqual({ ok: true, value: null })
  expect((await listed('operator@example.org'))?.by).toEqual({ password: true, code: false, provider: false })
  expect(await consoleDb().$count(session, eq(session.userId, 'operator'))).toBe(0)
  expect((await lines('admin@example.org'))[0]).toMatchObject({ action: 'second-factor.reset' })
})
