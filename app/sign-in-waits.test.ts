import { beforeEach, describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { deviceCookie, isKnownTo, KNOWN_SECONDS, readDevice } from '@/db/console/known-devices'
import { audit } from '@/db/console/schema'
import { noteFailure } from '@/db/console/sign-ins'
import { accountsForTests, nextAddress, ORIGIN, PASSWORD, postAuth } from '../test/support/test-accounts'
import { keptCookies, requestWith } from '../test/support/test-request'
import * as actions from './account/actions'
import { ADDRESS_HEADER } from './client-address'

const accounts = accountsForTests()

/** Failures of one test are none of the next one's: it tries other addresses, e-mail and peer. */
let peers = 0
beforeEach(() => {
  peers += 100
})
const peer = (which = 0) => ({ [ADDRESS_HEADER]: `203.0.113.${(peers + which) % 250}` })

const VIEWER = 'viewer@example.org'
const OPERATOR = 'operator@example.org'

const signIn = (email: string, password: string, headers: Record<string, string>) =>
  postAuth('/sign-in/email', { email, password }, headers)

/** The cookie of a browser in which somebody has signed in, without the session. */
async function deviceIn(email: string): Promise<string> {
  const answer = await signIn(email, PASSWORD, nextAddress())
  const line = answer.headers.getSetCookie().find((one) => one.startsWith('proctor.device='))
  expect(line).toMatch(new RegExp(`; Max-Age=${KNOWN_SECONDS}; .*HttpOnly; SameSite=Lax`, 'i'))
  return line?.split(';')[0] ?? ''
}

/** As though so many wrong passwords had come, each from another peer. */
const strangersFail = async (email: string, times: number, from = (at: number) => `2001:db8:${at.toString(16)}::1`) => {
  for (let at = 0; at < times; at++) await noteFailure('sign-in.failed', email, { from: from(at), agent: null }, { known: false })
}

describe('wrong passwords of a stranger', () => {
  it('make the stranger wait for that account, whether there is one or not, and nobody else', async () => {
    const answers = []
    for (const email of [OPERATOR, 'nobody-there@example.org']) {
      await strangersFail(email, 9, () => peer()[ADDRESS_HEADER] ?? '')
      expect((await signIn(email, 'wrong', peer())).status).toBe(401)
      const answer = await signIn(email, PASSWORD, peer())
      answers.push([answer.status, await answer.json()])
    }
    expect(answers[0]).toMatchObject([429, { code: 'WAITS', message: expect.stringContaining('15 minutes') }])
    expect(answers[1]).toEqual(answers[0])
    expect((await signIn(OPERATOR, PASSWORD, peer(1))).status).toBe(200)
    expect((await signIn(VIEWER, PASSWORD, peer())).status).toBe(200)
  })

  it('make the stranger wait for every account after fifty of them', async () => {
    for (let at = 0; at < 50; at++) await strangersFail(`person-${at}@example.org`, 1, () => peer()[ADDRESS_HEADER] ?? '')
    expect((await signIn(VIEWER, PASSWORD, peer())).status).toBe(429)
    expect((await signIn(VIEWER, PASSWORD, peer(1))).status).toBe(200)
  })

  it('count for the whole network that one customer of IPv6 has', async () => {
    await strangersFail('v6@example.org', 10, (at) => `2001:db8:77:1::${(at + 1).toString(16)}`)
    expect((await signIn('v6@example.org', 'wrong', { [ADDRESS_HEADER]: '2001:db8:77:1:ffff::9' })).status).toBe(429)
    expect((await signIn('v6@example.org', 'wrong', { [ADDRESS_HEADER]: '2001:db8:77:2::9' })).status).toBe(401)
  })

  it('from wherever they come do not keep out a browser that has signed in before', async () => {
    const device = await deviceIn(OPERATOR)
    await strangersFail(OPERATOR, 100)
    expect((await signIn(OPERATOR, PASSWORD, peer())).status).toBe(429)
    expect((await signIn(OPERATOR, 'wrong', { ...peer(), cookie: device })).status).toBe(401)
    expect((await signIn(OPERATOR, PASSWORD, { ...peer(), cookie: device })).status).toBe(200)
    // It is known to one account.
    await strangersFail(VIEWER, 100)
    expect((await signIn(VIEWER, PASSWORD, { ...nextAddress(), cookie: device })).status).toBe(429)
  })

  it('do not use up the share of such a browser behind the same proxy', async () => {
    const device = await deviceIn('admin@example.org')
    const answers = []
    for (let at = 0; at < 6; at++) answers.push((await signIn('nobody@example.org', 'wrong', peer())).status)
    expect(answers).toEqual([401, 401, 401, 401, 401, 429])
    expect((await signIn('admin@example.org', PASSWORD, peer())).status).toBe(429)
    expect((await signIn('admin@example.org', PASSWORD, { ...peer(), cookie: device })).status).toBe(200)
  })
})

describe('a browser that has signed in before', () => {
  it('has a limit of its own, which keeps nobody else out', async () => {
    const device = await deviceIn('admin@example.org')
    for (let at = 0; at < 10; at++) {
      await noteFailure('sign-in.failed', 'admin@example.org', { from: '192.0.2.250', agent: null }, { known: true })
    }
    const answer = await signIn('admin@example.org', PASSWORD, { ...nextAddress(), cookie: device })
    expect([answer.status, await answer.json()]).toMatchObject([429, { message: expect.stringContaining('this browser') }])
    expect((await signIn('admin@example.org', PASSWORD, nextAddress())).status).toBe(200)
  })

  it('is known by what this console wrote alone, and for half a year', async () => {
    const value = await deviceCookie('viewer')
    const device = readDevice(value)
    expect(await isKnownTo(device, VIEWER)).toBe(true)
    expect(await isKnownTo(device, OPERATOR)).toBe(false)
    expect(await isKnownTo(device, 'nobody-there@example.org')).toBe(false)
    expect(readDevice(value, Date.now() + (KNOWN_SECONDS - 10) * 1000)).toBeDefined()
    expect(readDevice(value, Date.now() + (KNOWN_SECONDS + 10) * 1000)).toBeUndefined()
    const [id = '', until = '', print = '', signature = ''] = value.split('.')
    const operator = Buffer.from('operator').toString('base64url')
    const forged = [
      [operator, until, print, signature],
      [id, String(Number(until) + 1), print, signature],
      [id, until, print.split('').reverse().join(''), signature],
      [id, until, print, signature.slice(0, -2)],
      [id, until, print, signature, ''],
      [id, until, print],
      [],
    ]
    for (const parts of forged) expect(readDevice(parts.join('.')), parts.join('.')).toBeUndefined()
    const secret = process.env.PROCTOR_SECRET
    process.env.PROCTOR_SECRET = 'another secret for tests that is long enough'
    expect(readDevice(value)).toBeUndefined()
    process.env.PROCTOR_SECRET = secret
  })

  it('is known no longer after the password changed, but for the one in which it was changed', async () => {
    const email = 'admin@example.org'
    const before = await deviceIn(email)
    expect(await isKnownTo(readDevice(before.split('=')[1]), email)).toBe(true)
    requestWith({ cookie: accounts.cookies.admin, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })
    expect(await actions.changePassword(PASSWORD, 'five other plain words here')).toMatchObject({ ok: true })
    const kept = /proctor\.device=([^;]+)/.exec(keptCookies())?.[1]
    expect(await isKnownTo(readDevice(before.split('=')[1]), email)).toBe(false)
    expect(await isKnownTo(readDevice(kept), email)).toBe(true)
  })
})

it('whoever is signed in guesses the own password ten times, by any way', async () => {
  requestWith({ cookie: accounts.cookies.viewer, origin: ORIGIN, host: '127.0.0.1:3000' })
  const ways = [() => actions.changePassword('wrong', 'five other plain words'), () => actions.startSecondFactor('wrong')]
  for (let at = 0; at < 10; at++) {
    requestWith({ cookie: accounts.cookies.viewer, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })
    expect(await ways[at % 2]?.()).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  }
  requestWith({ cookie: accounts.cookies.viewer, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })
  for (const right of [() => actions.changePassword(PASSWORD, 'five other plain words'), () => actions.startSecondFactor(PASSWORD)]) {
    expect(await right()).toMatchObject({ ok: false, problem: { kind: 'conflict', message: expect.stringContaining('minutes') } })
  }
})

it('writes down which peer failed, and never a password', async () => {
  await signIn(VIEWER, 'a wrong word that nobody should read', nextAddress())
  const lines = await consoleDb().select({ detail: audit.detail }).from(audit)
  expect(JSON.stringify(lines)).not.toContain('nobody should read')
})
