import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { account, audit } from '@/db/console/schema'
import { GET as toProvider } from '../../app/(auth)/sign-in/provider/route'
import { answerAuth, auth } from '../../app/auth'
import { accountsForTests, nextAddress, ORIGIN } from './test-accounts'
import { type Claims, startTestProvider, type TestProvider } from './test-provider'
import { keptCookies, requestWith } from './test-request'

/** For all tests of a file: a provider, a console that is set up for it with one user a role, and a browser's way between them. */
export function oidcForTests() {
  const provider = {} as TestProvider
  beforeAll(async () => {
    Object.assign(provider, await startTestProvider([`${ORIGIN}/api/auth/callback/oidc`]))
    Object.assign(process.env, {
      PROCTOR_OIDC_ISSUER: provider.issuer,
      PROCTOR_OIDC_CLIENT_ID: provider.clientId,
      PROCTOR_OIDC_CLIENT_SECRET: provider.clientSecret,
      PROCTOR_OIDC_NAME: 'Example ID',
      PROCTOR_OIDC_DOMAINS: 'example.net,example.org',
      PROCTOR_OIDC_ROLES: 'dba=operator, dba-leads=admin',
    })
  })
  afterAll(() => provider.stop())
  const accounts = accountsForTests()
  beforeEach(() => provider.people.clear())

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

  return { provider, accounts, atProvider, throughPages, back, through }
}

/** The latest of the audit. */
export const lastLine = async () => (await consoleDb().select().from(audit).orderBy(desc(audit.id)).limit(1))[0]
export const refusedLine = (email: string, why: string) => ({
  actor: 'nobody',
  action: 'sign-in.refused',
  detail: { email, why, how: 'Example ID', agent: 'test', from: expect.stringMatching(/^192\.0\.2\./) },
})

/** How many people are tied to the provider. */
export const identities = () => consoleDb().$count(account, eq(account.providerId, 'oidc'))
