import { eq } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { audit, user } from '@/db/console/schema'
import { createAdministrator, setUpToken } from '@/db/console/set-up'
import { consoleForTests } from '@/test/support/test-console'
import { postAuth } from '../test/support/test-accounts'
import { auth } from './auth'

const CREDENTIALS = { email: 'ada@example.org', password: 'four plain words here' }

consoleForTests()
beforeAll(async () => {
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  const token = await setUpToken(consoleDb())
  const made = await createAdministrator(consoleDb(), token ?? '', { name: 'Ada', ...CREDENTIALS }, null)
  expect(made.ok).toBe(true)
})

it('signs the administrator in with a cookie that no script reads, and gives the role', async () => {
  const answer = await postAuth('/sign-in/email', CREDENTIALS)
  expect(answer.status).toBe(200)
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^proctor\.session_token=.*HttpOnly.*SameSite=Lax/i)
  const session = await auth().api.getSession({ headers: new Headers({ cookie: cookie.split(';')[0] ?? '' }) })
  expect(session?.user).toMatchObject({ email: CREDENTIALS.email, role: 'admin' })
})

it('knows nobody behind a forged cookie', async () => {
  const headers = new Headers({ cookie: 'proctor.session_token=AAAA.BBBB' })
  expect(await auth().api.getSession({ headers })).toBeNull()
})

it('lets nobody sign up', async () => {
  const answer = await postAuth('/sign-up/email', { name: 'Eve', email: 'eve@example.org', password: 'a long enough password' })
  expect(answer.status).toBe(404)
  expect(await consoleDb().select().from(user)).toHaveLength(1)
})

it('refuses a request that another site sends', async () => {
  const headers = { origin: 'http://evil.example', cookie: 'proctor.session_token=x' }
  expect((await postAuth('/sign-in/email', CREDENTIALS, headers)).status).toBe(403)
})

it('makes who guesses wait', async () => {
  const answers: number[] = []
  for (let attempt = 0; attempt < 6; attempt++) {
    answers.push((await postAuth('/sign-in/email', { ...CREDENTIALS, password: `wrong ${attempt}` }, { 'user-agent': 'guesser' })).status)
  }
  expect(answers.at(0)).toBe(401)
  expect(answers.at(-1)).toBe(429)
  const lines = async () => consoleDb().select().from(audit).where(eq(audit.action, 'request.limited'))
  expect(await lines()).toMatchObject([{ actor: 'nobody', detail: { path: '/api/auth/sign-in/email', times: 1, agent: 'guesser' } }])
  await postAuth('/sign-in/email', CREDENTIALS)
  expect(await lines()).toHaveLength(1) // a flood does not fill the audit
})
