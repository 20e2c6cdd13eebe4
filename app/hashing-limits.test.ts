import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { findInvitation, invite } from '@/db/console/invitations'
import { BUSY_WORDS, hashing } from '@/db/console/password-hash'
import { user } from '@/db/console/schema'
import { isSetUpToken, setUpToken } from '@/db/console/set-up'
import { ADA, accountsForTests, nextAddress, ORIGIN, PASSWORD, postAuth } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { join, setUp } from './(auth)/actions'
import * as actions from './account/actions'

const accounts = accountsForTests()

const arrive = (cookie = '') => requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })

const form = (entries: Record<string, string>): FormData => {
  const data = new FormData()
  for (const [name, value] of Object.entries(entries)) data.set(name, value)
  return data
}

const CHOSEN = { name: 'Grace', email: 'grace@example.org', password: PASSWORD }
const NO_TOKEN = 'x'.repeat(32)
const again = (act: () => Promise<unknown>) => act().catch((thrown: Error) => thrown.message) // a redirect, when it is done

describe('while as many passwords are being hashed as may be', () => {
  let release = () => {}
  let held: Promise<unknown>
  beforeEach(() => {
    const gate = new Promise<void>((open) => {
      release = open
    })
    held = Promise.all(Array.from({ length: 22 }, () => hashing.run(() => gate)))
  })
  afterEach(async () => {
    release()
    await held
  })

  it('every place that hashes says so, and changes nothing', async () => {
    const answers = []
    for (const email of ['viewer@example.org', 'nobody-there@example.org']) {
      const answer = await postAuth('/sign-in/email', { email, password: PASSWORD }, nextAddress())
      answers.push([answer.status, await answer.json()])
    }
    expect(answers[0]).toEqual([503, { code: 'BUSY', message: BUSY_WORDS }])
    expect(answers[1]).toEqual(answers[0])

    const busy = { ok: false, problem: { kind: 'conflict', message: BUSY_WORDS } }
    arrive(accounts.cookies.viewer)
    expect(await actions.changePassword(PASSWORD, 'five other plain words')).toMatchObject(busy)
    expect(await actions.startSecondFactor(PASSWORD)).toMatchObject(busy)

    const made = await invite(CHOSEN.email, 'viewer', ADA)
    const token = made.ok ? made.value.token : ''
    arrive()
    expect(await join(token, {}, form(CHOSEN))).toMatchObject({ message: BUSY_WORDS })
    expect(await findInvitation(token)).toMatchObject({ email: CHOSEN.email })
    release()
    arrive()
    expect(await again(() => join(token, {}, form(CHOSEN)))).toContain('NEXT_REDIRECT')
    expect(await findInvitation(token)).toBeNull()
  })

  it('a token that opens nothing is told so, without a hash', async () => {
    arrive()
    expect(await join(NO_TOKEN, {}, form(CHOSEN))).toMatchObject({ message: expect.stringContaining('This invitation was used') })
    arrive()
    expect(await setUp(NO_TOKEN, {}, form(CHOSEN))).toMatchObject({ message: expect.stringContaining('This set-up link was used') })
  })

  it('the set-up link stays good', async () => {
    await consoleDb().update(user).set({ role: 'viewer' })
    const token = (await setUpToken(consoleDb())) ?? ''
    arrive()
    expect(await setUp(token, {}, form({ ...CHOSEN, email: 'eve@example.org' }))).toMatchObject({ message: BUSY_WORDS })
    expect(await isSetUpToken(consoleDb(), token)).toBe(true)
    release()
    arrive()
    expect(await again(() => setUp(token, {}, form({ ...CHOSEN, email: 'eve@example.org' })))).toContain('NEXT_REDIRECT')
  })
})

it.each([
  ['join', join],
  ['setUp', setUp],
])('%s looks at five tokens of one peer in ten seconds, however many come at once', async (_, act) => {
  arrive()
  const answers = await Promise.all(Array.from({ length: 80 }, () => act(NO_TOKEN, {}, form(CHOSEN))))
  const looked = answers.filter(({ message }) => message?.includes('was used'))
  expect(looked).toHaveLength(5)
  expect(answers.filter(({ message }) => message?.startsWith('Too many attempts.'))).toHaveLength(75)
})
