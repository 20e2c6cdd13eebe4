import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { consoleDb, consoleUrl } from '@/db/console/client'
import { log } from '@/db/console/log'
import { oidcSettings } from '@/db/console/oidc-settings'
import { BUSY_WORDS, hashPassword, verifyPassword } from '@/db/console/password-hash'
import { account, session, twoFactor, user, verification } from '@/db/console/schema'
import { Busy, Slots } from '@/db/console/slots'
import { ADDRESS_HEADER } from './client-address'
import { providerPlugin, REFUSED_AT } from './oidc'
import { ASK_CODE } from './own-password-hooks'
import { providerFlow } from './provider-flow'
import { waitOf } from './request-limits'
import { secondFactor } from './second-factor-plugin'
import { CODES } from './sign-in-codes'
import { closedAccountHooks, isOpen, signInHooks } from './sign-in-hooks'
import { unsound, unsoundAddress } from './sound-input'
import { hearFault, toldBySignIn } from './told'

/** On the console's own machine only these hosts are answered, so that a name which points at 127.0.0.1 (DNS rebinding) gets nothing. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']

const ORIGIN = process.env.PROCTOR_ORIGIN ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`

const isLoopback = (origin: string): boolean => LOOPBACK.includes(new URL(origin).hostname)

/** The address under which a request with this Host header came in: PROCTOR_ORIGIN, or any loopback name of this machine. */
export const requestOrigin = (host: string | null): string => (isLoopback(ORIGIN) && host ? `http://${host}` : ORIGIN)

const WEEK_SECONDS = 7 * 24 * 60 * 60

const BUSY = { code: 'BUSY', message: BUSY_WORDS }

/** Refusals are in the audit; only what is none goes to the log. */
const logBug = (error: unknown): void => {
  hearFault(error)
  const expected = error instanceof APIError && (error.statusCode < 500 || error.body?.code === BUSY.code)
  if (!expected) log().error({ error }, 'sign-in failed')
}

/** Has better-auth answer 503 while too many passwords are being hashed. */
const orBusy =
  <Given, Done>(work: (given: Given) => Promise<Done>) =>
  (given: Given): Promise<Done> =>
    work(given).catch((error: unknown) => {
      throw error instanceof Busy ? new APIError('SERVICE_UNAVAILABLE', BUSY) : error
    })

/** `provider`: with sign-in by OpenID Connect, where it is set. */
function makeAuth(provider: boolean) {
  const secret = process.env.PROCTOR_SECRET
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  const oidc = provider ? oidcSettings(process.env) : undefined
  return betterAuth({
    appName: 'Proctor',
    secret,
    baseURL: isLoopback(ORIGIN)
      ? { allowedHosts: LOOPBACK.flatMap((host) => [host, `${host}:*`]), protocol: 'http', fallback: ORIGIN }
      : ORIGIN,
    database: drizzleAdapter(consoleDb(), { provider: 'pg', schema: { user, session, account, verification, twoFactor } }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: { hash: orBusy(hashPassword), verify: orBusy(verifyPassword) },
    },
    plugins: oidc ? [secondFactor, providerPlugin(oidc)] : [secondFactor],
    user: { additionalFields: { role: { type: 'string', required: true, defaultValue: 'viewer', input: false } } },
    // The provider's tokens are asked for who somebody is, and never kept.
    account: { updateAccountOnSignIn: false, accountLinking: { enabled: false } },
    // A session lasts a week from sign-in. Looking at a page never writes to the database.
    session: { expiresIn: WEEK_SECONDS, disableSessionRefresh: true },
    hooks: signInHooks,
    databaseHooks: closedAccountHooks,
    onAPIError: { errorURL: REFUSED_AT, onError: logBug },
    rateLimit: { enabled: false }, // app/request-limits.ts has ours, which lets browsers through that have signed in before
    advanced: {
      cookiePrefix: 'proctor',
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message, ...rest) => log().error({ rest }, `sign-in: ${message}`) },
  })
}

type Auth = ReturnType<typeof makeAuth>

const made = new Map<string, Auth>()

function madeOnce(provider: boolean): Auth {
  const key = `${consoleUrl()} ${provider}`
  const found = made.get(key) ?? makeAuth(provider)
  made.set(key, found)
  return found
}

/** better-auth on the console database; made at the first request, because a build has no database. */
export const auth = (): Auth => madeOnce(false)

/** What the provider has a part in. */
const WITH_PROVIDER = ['/sign-in/social', '/callback/']

/** One code after the other, so that each is looked at when those before it have been counted. */
const shared = globalThis as { proctorCodes?: Slots }
shared.proctorCodes ??= new Slots({ atOnce: 1, waiting: 30 })
const oneCodeAtATime = shared.proctorCodes

const BELOW = '/api/auth'

/**
 * Answers a request to better-auth. Sign-in by the provider has an instance of its own, which alone waits for the
 * provider: while that is silent, passwords and sessions work. Paths that do not answer and limits come before everything else.
 */
export async function answerAuth(request: Request): Promise<Response> {
  const answer = await toldBySignIn(() => limitedAuth(request))
  // A browser that comes back from the provider is shown a page.
  const isBack = answer.status === 503 && new URL(request.url).pathname.startsWith(`${BELOW}/callback/`)
  return isBack ? new Response(null, { status: 303, headers: { location: `${REFUSED_AT}?error=console_database` } }) : answer
}

async function limitedAuth(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const path = pathname.startsWith(BELOW) ? pathname.slice(BELOW.length) : ''
  if (!isOpen(path)) return Response.json({ code: 'NOT_FOUND' }, { status: 404 })
  const wait = await waitOf(pathname, request.headers)
  if (wait !== undefined) {
    const headers = { 'x-retry-after': String(wait), 'retry-after': String(wait) }
    return Response.json({ code: 'LIMITED', message: `Too many attempts. Try again in ${wait} s.` }, { status: 429, headers })
  }
  const why = await unsoundBody(request)
  if (why !== undefined) return Response.json({ code: 'INVALID_INPUT', message: why }, { status: 400 })
  const provider = WITH_PROVIDER.some((start) => path.startsWith(start))
  const answer = () => madeOnce(provider).handler(request)
  if (provider) return providerFlow.run({ ...providerFlow.getStore() }, answer)
  return CODES.has(path) || ASK_CODE.has(path) ? inTurn(answer) : answer()
}

/**
 * Has better-auth look at the password of somebody who is signed in, and at a code where they have a second factor, before the
 * console does something of its own. Answers as its endpoints do.
 */
export const checkOwnPassword = (headers: Headers, body: { password: string; code?: string }): Promise<Response> =>
  inTurn(async () => {
    try {
      return await auth().api.verifyPassword({ body, headers, asResponse: true })
    } catch (error) {
      if (error instanceof APIError) return Response.json(error.body, { status: error.statusCode })
      throw error
    }
  })

async function inTurn(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await oneCodeAtATime.run(answer)
  } catch (error) {
    if (error instanceof Busy) return Response.json(BUSY, { status: 503 })
    throw error
  }
}

/** Why a body is none that better-auth and the console database can work with. */
async function unsoundBody(request: Request): Promise<string | undefined> {
  if (request.body === null) return undefined
  const body = await request.clone().text()
  if (!request.headers.get('content-type')?.includes('json')) return unsoundAddress({ pathname: '', search: body })
  try {
    return body === '' ? undefined : unsound(JSON.parse(body))
  } catch {
    return 'The body is no JSON.' // the only thing that JSON.parse throws over
  }
}
