import { setTimeout as sleep } from 'node:timers/promises'
import { formOf } from './hostile-browser'
import { type Attempt, type Harm, harm, harmIf, type Kind } from './hostile-case'
import type { House } from './hostile-house'
import { BENCH_PASSWORD } from './users-sessions'

const FLOOD = 80
/** What somebody who is at work may have to wait for a page meanwhile, on a machine that is busy. */
const LIMIT_MS = 5_000
const WRONG_TIMES = 15
const EMAIL = 'bench-1@example.org'

/** As a browser asks: once more where a connection that was kept open is closed under the request. */
const page = (house: House, address: string, cookie = '') => house.get(address, cookie).catch(() => house.get(address, cookie))

/** Whether somebody who is signed in still gets pages while something goes on, in time. */
async function beside(house: House, what: () => Promise<unknown>): Promise<Harm[]> {
  let over = false
  const going = what().finally(() => {
    over = true
  })
  let worst = 0
  do {
    const began = Date.now()
    await page(house, '/healthz')
    await page(house, '/account', house.cookies.viewer)
    worst = Math.max(worst, Date.now() - began)
    await sleep(50)
  } while (!over)
  await going
  return harmIf(worst > LIMIT_MS, 'other', `a page took ${worst} ms meanwhile`)
}

const signInWith = (house: House, password: string, more: Record<string, string> = {}, cookie = '') =>
  house.post('signIn', [{}, formOf({ email: EMAIL, password, next: '/', ...more })], cookie)

const went = (location: string | null): boolean => location !== null && !location.startsWith('/sign-in')

/** Strangers at the sign-in stop nobody: not the console, not the people whom they name. */
export const signInKind: Kind = {
  name: 'sign-in',
  prepare: async (house) => {
    const person = { name: 'Stranger', email: 'stranger@example.org', password: 'four plain words here' }
    const flood = (action: string, token: string) => async () => {
      const posts = Array.from({ length: FLOOD }, () => house.post(action, [token, {}, formOf(person)]).catch(() => undefined))
      const answers = await Promise.all(posts)
      if (!answers.some((one) => one?.text.includes('"message"'))) throw new Error(`${action} never answered`)
    }
    const long = 'x'.repeat(100_000)
    const before = await signInWith(house, BENCH_PASSWORD)
    const accounts = async (): Promise<number> => (await house.home.query('select from "user"')).rowCount ?? 0
    const known = await accounts()
    const attempts: Attempt[] = [
      { name: `${FLOOD} posts to join`, make: () => beside(house, flood('join', 'a'.repeat(43))) },
      { name: `${FLOOD} posts to setUp`, make: () => beside(house, flood('setUp', 'a'.repeat(43))) },
      { name: `${FLOOD} posts to join, tokens too long`, make: () => beside(house, flood('join', long)) },
      {
        name: `${FLOOD} sign-ins at once`,
        make: () => beside(house, () => Promise.all(Array.from({ length: FLOOD }, () => stranger(house)))),
      },
      {
        name: 'passwords of 100,000 letters',
        make: () => beside(house, () => Promise.all(Array.from({ length: 10 }, () => signInWith(house, long).catch(() => undefined)))),
      },
      {
        name: 'a device that was here before gets in after wrong passwords of others',
        make: async () => {
          for (let at = 0; at < WRONG_TIMES; at++) await signInWith(house, `wrong ${at}`)
          const again = await signInWith(house, BENCH_PASSWORD, {}, before.cookie)
          return harmIf(!went(again.location), 'other', `it was refused: ${again.text.slice(0, 200)}`)
        },
      },
      {
        name: 'passwords are not tried without end',
        make: async () => {
          for (let at = 0; at < WRONG_TIMES * 2; at++) await signInWith(house, `wrong ${at}`)
          const { location } = await signInWith(house, BENCH_PASSWORD)
          return harmIf(went(location), 'other', 'the right one was taken from a stranger after 45 wrong ones')
        },
      },
      {
        name: 'nobody joined',
        make: async () => harmIf((await accounts()) !== known, 'other', 'an account was made'),
      },
    ]
    return { attempts, control: () => beside(house, () => house.holdWeb(LIMIT_MS + 1_000)) }
  },
}

const stranger = (house: House) =>
  house
    .post('signIn', [{}, formOf({ email: `nobody${Math.random()}@example.org`, password: 'not the one', next: '/' })])
    .catch(() => undefined)

/** Where a browser must not be sent. */
const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/.//evil.example/',
  '/./\\evil.example/',
  '/x/..//evil.example/',
  '/%2e//evil.example/',
  '/%2E%2e//evil.example',
  '/\t/evil.example/',
  '/\n/evil.example/',
  '\t//evil.example/',
  ' //evil.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'https:evil.example',
  'http:/evil.example/',
  '/;@evil.example/',
  '@evil.example/',
  '/\u3002/evil.example/',
  '/\uff0fevil.example/',
]

/** Where an address leads once a browser has resolved it, and once what it shows is resolved again. */
function leads(origin: string, location: string): string[] {
  if (!URL.canParse(location, origin)) return []
  const first = new URL(location, origin)
  const path = `${first.pathname}${first.search}`
  return [first.origin, ...(URL.canParse(path, origin) ? [new URL(path, origin).origin] : [])]
}

const away = (origin: string, location: string): Harm[] =>
  leads(origin, location).some((one) => one !== origin) ? harm('other', `it leads to ${location}`) : []

/** No address of the console sends a browser elsewhere. */
export const redirectsKind: Kind = {
  name: 'redirects',
  prepare: async (house) => ({
    attempts: [
      ...ELSEWHERE.map(
        (next, at): Attempt => ({
          name: `sign-in, next=${JSON.stringify(next)}`,
          make: async () => {
            const { location, status } = await house.post(
              'signIn',
              [{}, formOf({ email: 'bench-0@example.org', password: BENCH_PASSWORD, next })],
              '',
              `198.51.100.${at + 1}`,
            )
            if (location === null) throw new Error(`it was refused, with status ${status}`)
            return away(house.origin, location)
          },
        }),
      ),
      ...ELSEWHERE.filter((next) => next.startsWith('/')).map(
        (path): Attempt => ({
          name: `without a session, ${JSON.stringify(path)}`,
          make: async () => {
            const { location } = await house.get(house.origin + encodeURI(path))
            const next = location === null ? null : new URL(location, house.origin).searchParams.get('next')
            return [...away(house.origin, location ?? '/'), ...away(house.origin, next ?? '/')]
          },
        }),
      ),
    ],
    control: async () => ELSEWHERE.slice(0, 6).flatMap((next) => away(house.origin, next)),
  }),
}
