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

it.each([
  ...['/%00', '/a/%ff', '/a/%ed%a0%80', '/sample/db/%/indexes', '/%zz', '/runs?q=a%00%0aforged', `/runs?q=${'x'.repeat(9_000)}`],
  ...['/icon.svg/%00', '/_next/image?url=%00'],
])('refuses %s before a page sees it', (path) => {
  expect(proxy(new NextRequest(`http://127.0.0.1:3000${path}`)).status).toBe(400)
})

it('refuses a cookie that is no text, and takes a stray per cent sign in a query for itself', () => {
  const asked = (path: string, cookie: string) => proxy(new NextRequest(`http://127.0.0.1:3000${path}`, { headers: { cookie } })).status
  expect(asked('/runs', 'proctor.session_token=%00')).toBe(400)
  expect(asked('/runs', 'proctor.session_token=%ff')).toBe(400)
  expect(asked('/runs?q=100%', 'proctor.session_token=x')).toBe(200)
  expect(asked('/sample/db/100%25/indexes', 'proctor.session_token=x')).toBe(200)
})
