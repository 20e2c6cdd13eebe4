import fc from 'fast-check'
import { NextRequest } from 'next/server'
import { beforeAll, describe, expect, it } from 'vitest'
import { proxy } from '../proxy'
import { accountsForTests, nextAddress, ORIGIN, PASSWORD, postAuth } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { enterCode, signIn } from './(auth)/actions'
import { ownPath } from './own-path'

/** What addresses that lead elsewhere are made of: what parsers drop, take for a slash, for a dot or for a scheme. */
const PIECES = [
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%2f',
    '%5c',
    '%00',
    '%09',
    '%0a',
    '\t',
    '\n',
    '\r',
    '\0',
    ' ',
    '\u00a0',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '。',
    '．',
    '／',
    '＼',
    '⁄',
    '∕',
    '@',
    ':',
    '#',
    '?',
    ';',
    '&',
    '\ud800',
    'http:',
    'https:',
    'HTTPS:',
    'javascript:',
    'data:',
    'file:',
    '///',
  ],
  ...[
    'evil.example',
    'evil.example:80',
    '127.0.0.1:3000',
    'console.invalid',
    'http://console.invalid',
    'user:word@',
    'runs',
    'x',
    '[::1]',
    '2130706433',
  ],
]

const address = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join(''))

const ORIGINS = ['http://127.0.0.1:3000', 'https://proctor.example.org', 'http://[::1]:3000']

/** Where a browser goes that is told `location` on a page of the console. */
const leaves = (location: string): boolean =>
  ORIGINS.some((origin) => !URL.canParse(location, `${origin}/sign-in`) || new URL(location, `${origin}/sign-in`).origin !== origin)

const ELSEWHERE = [
  '/.//evil.example/x',
  '/..//evil.example',
  '/%2e//evil.example',
  '/%2E%2e//evil.example',
  '/x/..//evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  '/.\r//evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https://evil.example',
  'http://user@evil.example',
  '//user:word@evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil。example',
  '/.\\\\evil.example',
]

describe('ownPath', () => {
  it.each(ELSEWHERE)('leads from %j to the first page', (next) => {
    expect(ownPath(next)).toBe('/')
  })

  it('leads nowhere else, whatever an address is made of, and to the same page a second time', () => {
    const stays = (next: string) => {
      const path = ownPath(next)
      expect(leaves(path), JSON.stringify([next, path])).toBe(false)
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/)
      expect(ownPath(path)).toBe(path)
    }
    fc.assert(fc.property(address, stays), { numRuns: 20_000 })
    fc.assert(fc.property(fc.string({ unit: 'binary' }), stays), { numRuns: 2_000 })
  })

  it.each([
    '/',
    '/runs?state=failed&page=2',
    '/sample/db/lms/indexes?verdict=bloated#public.users',
    '/prod%2F1/db/a%20b/tables?q=%2F%2Fx',
    '/servers/x//y',
  ])('keeps %s', (path) => {
    expect(ownPath(path)).toBe(path)
  })

  it.each([null, undefined, 1, {}, ['/runs'], `/${'x'.repeat(3_000)}`])('takes %j for no page', (next) => {
    expect(ownPath(next)).toBe('/')
  })
})

describe('every way that takes an address to go on to', () => {
  const accounts = accountsForTests()
  beforeAll(() => expect(accounts.cookies.viewer).not.toBe(''))

  const form = (entries: Record<string, string>): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries(entries)) data.set(name, value)
    return data
  }

  /** Where a server action redirects to. */
  const redirectOf = async (act: () => Promise<unknown>): Promise<string> => {
    const thrown: { digest?: string } = await act().then(
      () => ({}),
      (error) => error,
    )
    return thrown.digest?.split(';')[2] ?? ''
  }

  const arrive = () => requestWith({ origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })

  it('signs in and stays', async () => {
    for (const next of ELSEWHERE.slice(0, 6)) {
      arrive()
      expect(await redirectOf(() => signIn({}, form({ email: 'viewer@example.org', password: PASSWORD, next })))).toBe('/')
    }
    arrive()
    expect(await redirectOf(() => signIn({}, form({ email: 'viewer@example.org', password: PASSWORD, next: '/runs?state=done' })))).toBe(
      '/runs?state=done',
    )
  })

  it('asks for the password again without an address that leads elsewhere', async () => {
    arrive()
    expect(await redirectOf(() => enterCode({}, form({ code: '000000', next: '/.//evil.example' })))).toBe('/sign-in?error=again&next=%2F')
  })

  it('remembers no page for a visitor that is none of the console’s', () => {
    for (const path of ['//evil.example/x', '/.//evil.example', '/%2e//evil.example', '/\\evil.example']) {
      const location = proxy(new NextRequest(`http://127.0.0.1:3000${path}`)).headers.get('location')
      expect(new URL(location ?? '').searchParams.get('next') ?? '/').toSatisfy((next: string) => !leaves(next))
    }
    const location = proxy(new NextRequest('http://127.0.0.1:3000/runs?state=done')).headers.get('location')
    expect(new URL(location ?? '').searchParams.get('next')).toBe('/runs?state=done')
  })

  it('has better-auth take no other address either', async () => {
    const credentials = { email: 'viewer@example.org', password: PASSWORD }
    for (const name of ['callbackURL', 'errorCallbackURL', 'newUserCallbackURL', 'redirectTo']) {
      for (const elsewhere of ['/.//evil.example', '//evil.example', 'https://evil.example', '/\\evil.example', '/%2e//evil.example']) {
        for (const path of ['/sign-in/email', '/sign-in/social']) {
          const answer = await postAuth(path, { ...credentials, provider: 'oidc', [name]: elsewhere }, nextAddress())
          expect([400, 403], `${path} ${name} ${elsewhere}`).toContain(answer.status)
          expect(answer.headers.get('location')).toBeNull()
        }
      }
    }
  })
})
