import path from 'node:path'
import { NextRequest } from 'next/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES } from '@/db/console/roles'
import { registerServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { STRANGE, UNSOUND, withEach } from '@/test/support/hostile-values'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { proxy } from '../proxy'
import { accountsForTests, nextAddress, ORIGIN, signIn } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { ADDRESS_HEADER } from './client-address'

type Route = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>

const accounts = accountsForTests()
const AUTH = 'api/auth/[...all]/route.ts'
let watched: TestDatabase

beforeAll(async () => {
  watched = await testDatabase(18)
  await watched.client.query('create extension pg_stat_statements')
  process.env.DATABASE_URL = watched.url
  await registerServer({ id: 'watched', name: 'watched', source: 'environment', database: watched.target.database })
})
afterAll(async () => {
  await closePools()
  await watched.drop()
})

/** What cannot be text of an address: refused before any route is asked. */
const UNFIT = ['%00', 'a%00%0a{"level":"error"}', '%ff', '%c3', '%ed%a0%80', '%f8%88%80%80%80', '%e0%80%af', 'x'.repeat(9_000)]
/** Odd, and text. */
const ODD = [
  '',
  '%',
  '%zz',
  '%25',
  '%2500',
  '%0a',
  '%0d%0aset-cookie:%20a=b',
  '__proto__',
  'constructor',
  '..%2f..%2fetc%2fpasswd',
  '%F0%9F%98%80',
  "'%22%60",
  '%e2%80%ae',
  '-1',
  '1e999',
  '99999999999999999999',
  '2026-13-45',
  '%5B%5D',
  'true',
]

/** The routes as addresses; {} is the place that is tried. */
const IN = {
  indexes: '/watched/db/DB/indexes/export?format=md',
  guide: '/watched/db/DB/guide/export?format=md',
  queries: '/watched/db/DB/statements/export?format=csv',
  live: (read: string) => `/api/live/${read}?server=watched&database=DB&limit=9&indexrelid=1&relid=1&pid=1&id=1&key=1.1.1.1`,
}
const each = (base: string, names: string[]): string[] => names.map((name) => `${base}&${name}={}`)

const ADDRESSES: [file: string, addresses: string[]][] = [
  [
    '[server]/db/[database]/guide/export/route.ts',
    ['/{}/db/d/guide/export?format=csv', '/watched/db/{}/guide/export?format=json', ...each(IN.guide, ['format', 'show', 'schema', '{}'])],
  ],
  [
    '[server]/db/[database]/indexes/export/route.ts',
    [
      '/{}/db/d/indexes/export?format=csv',
      '/watched/db/{}/indexes/export?format=json',
      ...each(IN.indexes, ['format', 'q', 'verdict', 'sort', '{}']),
    ],
  ],
  [
    '[server]/db/[database]/statements/export/route.ts',
    [
      '/{}/db/d/statements/export?format=csv',
      '/watched/db/{}/statements/export?format=json',
      ...each(IN.queries, ['q', 'range', 'from', 'sort', '{}']),
    ],
  ],
  ['audit/export/route.ts', each('/audit/export?a', ['actor', 'action', 'server', 'run', 'search', 'from', 'to', '{}'])],
  [
    'api/live/[read]/route.ts',
    [
      '/api/live/{}',
      '/api/live/activity?server={}&database=d',
      '/api/live/activity?server=watched&database={}',
      ...each(IN.live('activity-history'), ['server', 'range', 'from', 'to']),
      ...each(IN.live('session-detail'), ['pid']),
      ...each(IN.live('tuning'), ['ram', 'storage']),
      ...each(IN.live('guide-catalogue'), ['schema']),
      ...each(IN.live('index-detail'), ['indexrelid']),
      ...each(IN.live('list-indexes'), ['q', 'ids', 'sort', 'offset']),
      ...each(IN.live('table-options'), ['relid']),
      ...each(IN.live('list-queries'), ['q', 'range', 'from', 'vfrom', '{}']),
      ...each(IN.live('query-detail'), ['key', 'range']),
      ...each(IN.live('query-hints'), ['key', 'rolname']),
      ...each(IN.live('run'), ['id']),
      ...each(IN.live('list-tables'), ['q', 'limit']),
    ],
  ],
  ['(auth)/sign-in/provider/route.ts', ['/sign-in/provider?next={}', '/sign-in/provider?{}={}']],
  [AUTH, ['/api/auth/{}', '/api/auth/callback/oidc?code={}&state={}', '/api/auth/callback/{}', '/api/auth/get-session?{}={}']],
  ['healthz/route.ts', ['/healthz?{}={}', '/healthz?live={}']],
  ['metrics/route.ts', ['/metrics?{}']],
]

/** Next.js hands segments on as they stand in the address. */
function paramsOf(pathname: string): Record<string, string | string[]> {
  const [first = '', second = '', third = '', ...rest] = pathname.slice(1).split('/')
  return first === 'api' ? { read: third, all: [third, ...rest] } : { server: first, database: second === 'db' ? third : '' }
}

let peers = 0

/** As a browser's request goes: proxy.ts first. The status. */
async function ask(file: string, address: string, who: 'nobody' | (typeof ROLES)[number], more: RequestInit = {}): Promise<number> {
  const headers = { cookie: accounts.cookies[who], host: '127.0.0.1:3000', origin: ORIGIN, [ADDRESS_HEADER]: `2001:db8:1::${++peers}` }
  const { body, method = 'GET' } = more
  const sent = { method, body, headers: { ...headers, ...(more.headers as Record<string, string>) } }
  const passed = proxy(new NextRequest(`${ORIGIN}${address}`, sent as ConstructorParameters<typeof NextRequest>[1]))
  if (!passed.headers.has('x-middleware-next')) return passed.status
  requestWith(sent.headers)
  const route: Route = (await import(/* @vite-ignore */ path.join(import.meta.dirname, file)))[method]
  const answer = await route(new Request(`${ORIGIN}${address}`, sent), {
    params: Promise.resolve(paramsOf(new URL(address, ORIGIN).pathname)),
  })
  const said = await answer.text()
  // What the monitored server is the cause of, said as such: a database that it does not have.
  return answer.status === 502 && JSON.parse(said).problem.kind === 'unreachable' ? 424 : answer.status
}

const at = (address: string, put: string): string => address.replaceAll('DB', watched.target.database).replaceAll('{}', put)

describe.each(ADDRESSES)('%s', (file, addresses) => {
  it('is not reached by what is no text, whoever asks', async () => {
    for (const address of addresses)
      for (const put of UNFIT)
        for (const who of ['nobody', 'viewer'] as const)
          expect(await ask(file, at(address, put), who), at(address, put).slice(0, 200)).toBe(400)
  })

  it('answers all that is text, without an error of its own', async () => {
    for (const address of addresses)
      for (const put of ODD) expect(await ask(file, at(address, put), 'viewer'), at(address, put)).toBeLessThan(500)
  })
})

const POSTED = { email: 'viewer@example.org', password: 'x', code: '123456', rememberMe: true, callbackURL: '/', provider: 'oidc' }

it.each([
  'proctor.session_token=%00',
  'proctor.session_token=%ff',
  'proctor.session_token=%',
  'proctor.session_token=a.b',
  `proctor.session_token=${'x'.repeat(7_000)}`,
  'proctor.session_token=; proctor.session_token=__proto__',
  '__proto__=1; constructor=2',
  '=; ;;=',
  'proctor.session_token="a\\"',
  'proctor.two_factor=%00; proctor.session_data=%7b%00',
])('a cookie %s opens nothing and breaks nothing', async (cookie) => {
  for (const [file, address] of [
    ['audit/export/route.ts', '/audit/export'],
    ['api/live/[read]/route.ts', '/api/live/workers'],
    [AUTH, '/api/auth/get-session'],
  ] as const)
    expect([200, 400, 401, 303, 307], address).toContain(await ask(file, address, 'nobody', { headers: { cookie } }))
})

it('was asked by people who were signed in to the end', async () => {
  for (const role of ROLES) expect(await signIn(`${role}@example.org`, nextAddress())).toContain('session_token')
  expect(await ask('audit/export/route.ts', '/audit/export', 'viewer')).toBe(200)
})

it.each([
  'sign-in/email',
  'sign-in/social',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
  'two-factor/enable',
  'change-password',
  'update-user',
  'sign-up/email',
  'callback/oidc',
  'sign-out',
])('posts to %s are answered', async (endpoint) => {
  const post = (body: string, type = 'application/json') =>
    ask(AUTH, `/api/auth/${endpoint}`, 'viewer', { method: 'POST', body, headers: { 'content-type': type } })
  for (const [what, put] of [...UNSOUND, ...STRANGE]) {
    if (['bigint', 'symbol', 'function'].includes(typeof put) || what.includes('many times')) continue // JSON cannot say it
    for (const body of withEach(POSTED, put)) {
      const text = JSON.stringify(body) ?? ''
      expect(await post(text), `${what}: ${text.slice(0, 200)}`).toBeLessThan(500)
    }
  }
  for (const body of [
    '',
    '{',
    '"x"',
    '[]',
    'null',
    '\0',
    '{"email":"\\u0000"}',
    '{"email":"\\ud800"}',
    '{"__proto__":{"a":1}}',
    'a=%00&b=%ff',
  ])
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'x', ''])
      expect(await post(body, type), `${type}: ${body}`).toBeLessThan(500)
})
