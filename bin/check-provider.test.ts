import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { freePort } from '../db/embedded/free-port'
import { checkProvider } from './check-provider'

let origin: string
let answer: { status: number; body: string }
const provider = createServer((_, response) => response.writeHead(answer.status).end(answer.body))
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
})
const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
beforeEach(() => told.mockClear())
afterAll(() => {
  told.mockRestore()
  provider.close()
})

const settings = (issuer: string) => ({ PROCTOR_OIDC_ISSUER: issuer, PROCTOR_OIDC_CLIENT_ID: 'a', PROCTOR_OIDC_CLIENT_SECRET: 'b' })
const description = (issuer: string) =>
  JSON.stringify({ issuer, authorization_endpoint: `${origin}/a`, token_endpoint: `${origin}/t`, jwks_uri: `${origin}/k` })

it('asks nobody where no provider is set, and lets a right one pass without a word', async () => {
  await checkProvider({})
  answer = { status: 200, body: description(origin) }
  await checkProvider(settings(origin))
  expect(told).not.toHaveBeenCalled()
})

it.each([
  ['a page', { status: 200, body: '<html>' }],
  ['nothing', { status: 404, body: '{}' }],
  ['half a description', { status: 200, body: '{"issuer":"x"}' }],
])('ends the start over an issuer that answers with %s', async (_, given) => {
  answer = given
  await expect(checkProvider(settings(origin))).rejects.toThrow(/^PROCTOR_OIDC_ISSUER: .* does not describe an OpenID Connect provider\.$/)
})

it('ends the start over a provider that calls itself otherwise', async () => {
  answer = { status: 200, body: description('https://login.example.org') }
  await expect(checkProvider(settings(origin))).rejects.toThrow('PROCTOR_OIDC_ISSUER: the provider calls itself https://login.example.org')
})

it('tells of a provider that does not answer, and goes on', async () => {
  await checkProvider(settings(`http://127.0.0.1:${await freePort()}`))
  expect(told.mock.lastCall?.[0]).toMatch(/does not answer \(ECONNREFUSED\)\. Nobody signs in with single sign-on until it does/)
  answer = { status: 503, body: '' }
  await checkProvider(settings(origin))
  expect(told.mock.lastCall?.[0]).toContain('(status 503)')
})
