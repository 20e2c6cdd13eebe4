import { eq } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { currentSessionId, currentUser } from '@/app/session'
import { consoleDb } from '@/db/console/client'
import { ownSessions } from '@/db/console/own-account'
import { audit, verification } from '@/db/console/schema'
import { accountsForTests, nextAddress, ORIGIN, PASSWORD, postAuth, signIn } from '@/test/support/test-accounts'
import { keptCookies, requestWith } from '@/test/support/test-request'
import * as actions from './actions'

const accounts = accountsForTests()
beforeEach(() => as(accounts.cookies.viewer))

const as = (cookie: string) => requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000' })
const noted = async () => (await consoleDb().select().from(audit).where(eq(audit.actor, 'viewer@example.org'))).map(({ action }) => action)

it('changes the own name, to one that can be said', async () => {
  expect(await actions.changeName('  ')).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect(await actions.changeName('Vera')).toMatchObject({ ok: true })
  expect(await currentUser()).toMatchObject({ name: 'Vera', role: 'viewer' })
  expect(await noted()).toContain('change-name')
})

it('ends own sessions, and nobody else’s', async () => {
  await signIn('viewer@example.org')
  const current = await currentSessionId()
  const [other] = (await ownSessions('viewer')).filter(({ id }) => id !== current)
  as(accounts.cookies.operator)
  expect(await actions.endSession(other?.id)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  as(accounts.cookies.viewer)
  expect(await actions.endSession(other?.id)).toMatchObject({ ok: true })
  expect(await ownSessions('viewer')).toMatchObject([{ id: current }])
  expect(await actions.endOthers()).toMatchObject({ ok: false })
  expect(await ownSessions('operator')).toHaveLength(1)
  expect(await noted()).toContain('end-session')
})

it('changes the password when the old one is right, and ends every other session', async () => {
  const next = 'five other plain words here'
  expect(await actions.changePassword('not the old one', next)).toMatchObject({
    ok: false,
    problem: { kind: 'invalid_input', message: 'The password is wrong.' },
  })
  expect(await actions.changePassword(PASSWORD, 'short')).toMatchObject({ ok: false, problem: { message: 'At least 12 characters.' } })
  expect(await actions.changePassword(PASSWORD, next)).toMatchObject({ ok: true })
  expect(await currentUser()).toBeNull() // the old cookie is worth nothing …
  as(keptCookies())
  expect(await currentUser()).toMatchObject({ role: 'viewer' }) // … the new one went to the browser
  expect(await ownSessions('viewer')).toHaveLength(1)
  expect((await postAuth('/sign-in/email', { email: 'viewer@example.org', password: PASSWORD })).status).toBe(401)
  const changes = (await noted()).filter((action) => action.startsWith('change-password'))
  expect(changes).toEqual(['change-password.refused', 'change-password'])
})

it('leaves no way round the audit', async () => {
  const headers = { cookie: accounts.cookies.operator }
  for (const path of ['/update-user', '/revoke-sessions', '/revoke-other-sessions', '/change-email', '/delete-user']) {
    expect((await postAuth(path, { name: 'Eve', newEmail: 'eve@example.org' }, headers)).status, path).toBeGreaterThanOrEqual(400)
  }
  expect(await ownSessions('operator')).toHaveLength(1)
})

it('ends every other session when the password is changed past the page, and what was begun with the old one', async () => {
  await signIn('operator@example.org')
  await consoleDb()
    .insert(verification)
    .values({ id: 'half', identifier: '2fa-half', value: 'operator', expiresAt: new Date(Date.now() + 60_000) })
  const body = { currentPassword: PASSWORD, newPassword: 'five other plain words here', revokeOtherSessions: false }
  const answer = await postAuth('/change-password', body, { cookie: accounts.cookies.operator, ...nextAddress() })
  expect(answer.status).toBe(200)
  expect(await ownSessions('operator')).toHaveLength(1)
  expect(await consoleDb().$count(verification, eq(verification.id, 'half'))).toBe(0)
})
