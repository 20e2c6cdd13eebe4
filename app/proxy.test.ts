import { createRequire } from 'node:module'
import { NextRequest } from 'next/server'
import { expect, it } from 'vitest'
import { config, proxy } from '../proxy'

type Matches = (asked: { config: typeof config; url: string }) => boolean

// From the package's own CommonJS file: Node finds no export map for it.
const { unstable_doesMiddlewareMatch: passesProxy }: { unstable_doesMiddlewareMatch: Matches } = createRequire(import.meta.url)(
  'next/experimental/testing/server',
)

const isChecked = (url: string): boolean => passesProxy({ config, url })

it.each([
  '/',
  '/sign-in',
  '/runs',
  '/runs/1.png',
  '/invitation/x.png',
  '/invitation/x.svg',
  '/sample/db/x.ico/indexes',
  '/sample/db/icon.svg',
  '/icon.svg/x',
  '/iconxsvg',
  '/favicon.ico',
  '/x.webmanifest',
  '/_next/x.html',
  '/_nextstatic/x',
  '/api/live/run',
  '/healthz',
])('checks %s, whatever it ends in', (path) => {
  expect(isChecked(path)).toBe(true)
})

it.each(['/_next/static/chunks/main.js', '/icon.svg'])('leaves %s alone, a file of the build', (path) => {
  expect(isChecked(path)).toBe(false)
})

it('refuses what another site posts, and gives every page a policy', () => {
  const headers = { origin: 'http://evil.example', host: '127.0.0.1:3000', cookie: 'proctor.session_token=x' }
  for (const path of ['/runs', '/runs/1.png']) {
    const url = `http://127.0.0.1:3000${path}`
    expect(proxy(new NextRequest(url, { method: 'POST', headers })).status).toBe(403)
    expect(proxy(new NextRequest(url, { headers })).headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})
