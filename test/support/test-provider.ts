import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'
import { freePort } from '@/db/embedded/free-port'

/** Claims of somebody whom the provider knows; `sub` is the key they are kept under. */
export type Claims = Record<string, string | boolean | string[]>

export interface TestProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** By sub; may change between sign-ins. */
  people: Map<string, Claims>
  stop: () => Promise<void>
}

/**
 * For tests: a real OpenID Connect provider (oidc-provider) on loopback, with one client that comes back to `redirectUris`.
 * Its sign-in page is one field, into which a sub is typed; there is no password.
 */
export async function startTestProvider(redirectUris: string[]): Promise<TestProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const client = { clientId: 'proctor', clientSecret: 'a secret between proctor and the provider' }
  const people = new Map<string, Claims>()
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: redirectUris }],
    jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
    cookies: { keys: ['a key of the test provider'] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: (_, interaction) => `/person/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: ctx.oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/person/')) return person(provider, request, response)
    return answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, ...client, people, stop }
}

/** Asks who is there, and believes it. Whoever answers nothing has broken off. */
async function person(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    const page =
      '<!doctype html><title>Test provider</title><form method="post"><label>Who <input name="sub"></label><button>Go on</button></form>'
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    return
  }
  const accountId = new URLSearchParams(await text(request)).get('sub')
  await provider.interactionFinished(request, response, accountId ? { login: { accountId } } : { error: 'access_denied' })
}
