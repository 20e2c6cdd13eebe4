import { eq, sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { auth } from '@/app/auth'
import { ADDRESS_HEADER } from '@/app/client-address'
import { currentUser } from '@/app/session'
import { consoleDb } from '@/db/console/client'
import { acceptInvitation, findInvitation, listInvitations } from '@/db/console/invitations'
import type { Role } from '@/db/console/roles'
import { audit, invitation, session, user } from '@/db/console/schema'
import { changeRole, closeAccount, listUsers } from '@/db/console/users'
import { ADA, accountsForTests, nextAddress, PASSWORD, postAuth, signIn } from '@/test/support/test-accounts'
import { requestWith } from '@/test/support/test-request'
import * as actions from './actions'

const CHOSEN = { name: 'Grace', password: PASSWORD }

const accounts = accountsForTests()
const as = (who: Role) => requestWith({ cookie: accounts.cookies[who], host: '127.0.0.1:3000' })
beforeAll(() => as('admin'))

const actionsNoted = async (action: string) => consoleDb().select().from(audit).where(eq(audit.action, action))
const idOf = async (email: string) => (await listUsers()).find((one) => one.email === email)?.id ?? ''

async function invited(email: string, role = 'viewer'): Promise<string> {
  const made = await actions.invitePerson(email, role)
  if (!made.ok) throw new Error(made.problem.message)
  expect(made.value.link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation\/[\w-]{32}$/)
  return made.value.link.split('/').at(-1) ?? ''
}

const trySignIn = (email: string, password: string) =>
  postAuth('/sign-in/email', { email, password }, { ...nextAddress(), 'user-agent': 'test' })

it('an invitation makes one account with its role, once', async () => {
  const token = await invited('Grace@Example.org', 'operator')
  expect(JSON.stringify(await consoleDb().select().from(invitation))).not.toContain(token)
  expect(await listInvitations()).toMatchObject([{ email: 'grace@example.org', role: 'operator', invitedBy: 'admin@example.org' }])
  const both = await Promise.all([acceptInvitation(token, CHOSEN, null), acceptInvitation(token, CHOSEN, null)])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await findInvitation(token)).toBeNull()
  expect((await listUsers()).find(({ name }) => name === 'Grace')).toMatchObject({ role: 'operator', lastSignIn: null, sessions: 0 })
  expect((await trySignIn('grace@example.org', PASSWORD)).status).toBe(200)
  expect((await listUsers()).find(({ name }) => name === 'Grace')).toMatchObject({ lastSignIn: expect.any(String), sessions: 1 })
  expect(await actions.invitePerson('grace@example.org', 'viewer')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await actionsNoted('invite')).toHaveLength(1)
  expect(await actionsNoted('accept-invitation')).toMatchObject([{ actor: 'grace@example.org', detail: { role: 'operator' } }])
})

it('an invitation ends by time, by a newer one, and when it is withdrawn', async () => {
  const first = await invited('eve@example.org')
  const second = await invited('eve@example.org', 'admin')
  expect(await findInvitation(first)).toBeNull()
  expect(await findInvitation(second)).toMatchObject({ role: 'admin' })
  await consoleDb().update(invitation).set({ expiresAt: sql`now() - interval '1 second'` })
  expect(await findInvitation(second)).toBeNull()
  expect(await acceptInvitation(second, CHOSEN, null)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  const third = await invited('eve@example.org')
  const [open] = await listInvitations()
  expect(await actions.withdraw(open?.id)).toMatchObject({ ok: true })
  expect(await acceptInvitation(third, CHOSEN, null)).toMatchObject({ ok: false })
  expect(await consoleDb().$count(user, eq(user.email, 'eve@example.org'))).toBe(0)
})

it('closing an account ends its sessions at once, and it opens no other', async () => {
  as('viewer')
  expect(await currentUser()).toMatchObject({ role: 'viewer' })
  as('admin')
  expect(await actions.setClosed('viewer', true)).toMatchObject({ ok: true })
  expect(await auth().api.getSession({ headers: new Headers({ cookie: accounts.cookies.viewer }) })).toBeNull()
  const answer = await trySignIn('viewer@example.org', PASSWORD)
  expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'ACCOUNT_CLOSED' }])
  expect(await consoleDb().$count(session, eq(session.userId, 'viewer'))).toBe(0)
  expect(await actionsNoted('sign-in.refused')).toMatchObject([
    { actor: 'nobody', detail: { email: 'viewer@example.org', from: expect.stringMatching(/^192\.0\.2\./), agent: 'test' } },
  ])
  expect(await actions.setClosed('viewer', false)).toMatchObject({ ok: true })
  expect((await trySignIn('viewer@example.org', PASSWORD)).status).toBe(200)
})

it('an administrator always stays', async () => {
  const ada = await idOf('admin@example.org')
  for (const refused of [await actions.giveRole(ada, 'viewer'), await actions.setClosed(ada, true)]) {
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  }
  expect(await actions.giveRole('operator', 'admin')).toMatchObject({ ok: true })
  const both = await Promise.all([changeRole('operator', 'viewer', ADA), closeAccount(ada, ADA)])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  expect((await listUsers()).filter(({ role, closedAt }) => role === 'admin' && !closedAt)).toHaveLength(1)
  const [changed] = await actionsNoted('change-role')
  expect(changed).toMatchObject({
    actor: 'admin@example.org',
    detail: { user: 'operator@example.org', before: 'operator', after: 'admin' },
  })
})

it.each(['\0@example.org', '\ud800@example.org', 'no address', '', 'x'.repeat(10_000)])(
  'takes %j for no address, without an error of its own',
  async (email) => {
    const status = (await trySignIn(email, PASSWORD)).status
    expect([400, 401]).toContain(status)
  },
)

it('writes down who came and left, from where', async () => {
  const cookie = await signIn('viewer@example.org')
  expect((await postAuth('/sign-out', {}, { cookie, [ADDRESS_HEADER]: '192.0.2.8' })).status).toBe(200)
  expect((await actionsNoted('sign-in')).at(-1)).toMatchObject({ actor: 'viewer@example.org' })
  expect(await actionsNoted('sign-out')).toMatchObject([{ actor: 'viewer@example.org', detail: { from: '192.0.2.8' } }])
})
