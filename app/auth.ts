import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor as twoFactorPlugin } from 'better-auth/plugins/two-factor'
import { consoleDb, consoleUrl } from '@/db/console/client'
import { log } from '@/db/console/log'
import { oidcSettings } from '@/db/console/oidc-settings'
import { account, session, twoFactor, user, verification } from '@/db/console/schema'
import { noteLimited } from '@/db/console/sign-ins'
import { backupCodes } from './backup-codes'
import { ADDRESS_HEADER } from './client-address'
import { providerPlugin, REFUSED_AT } from './oidc'
import { whereOf } from './sign-in-codes'
import { closedAccountHooks, signInHooks } from './sign-in-hooks'
import { unsound, unsoundAddress } from './sound-input'

/** On the console's own machine only these hosts are answered, so that a name which points at 127.0.0.1 (DNS rebinding) gets nothing. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']

const ORIGIN = process.env.PROCTOR_ORIGIN ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`

const isLoopback = (origin: string): boolean => LOOPBACK.includes(new URL(origin).hostname)

/** The address under which a request with this Host header came in: PROCTOR_ORIGIN, or any loopback name of this machine. */
export const requestOrigin = (host: string | null): string => (isLoopback(ORIGIN) && host ? `http://${host}` : ORIGIN)

const WEEK_SECONDS = 7 * 24 * 60 * 60

/** Attempts from one peer: so many in so many seconds. */
const ATTEMPTS = { window: 10, max: 5 }
/** People who come back from the provider may share one address. */
const RETURNS = { window: 10, max: 20 }

/** Refusals are in the audit; only what is none goes to the log. */
const logBug = (error: unknown): void => {
  if (!(error instanceof APIError) || error.statusCode >= 500) log().error({ error }, 'sign-in failed')
}

/** `provider`: with sign-in by OpenID Connect, where it is set. */
function makeAuth(provider: boolean) {
  const secret = process.env.PROCTOR_SECRET
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  const oidc = provider ? oidcSettings(process.env) : undefined
  // A trusted device would be a way round the code; with an age of 0 none is.
  const secondFactor = twoFactorPlugin({ trustDeviceMaxAge: 0, backupCodeOptions: { customBackupCodesGenerate: backupCodes } })
  return betterAuth({
    appName: 'Proctor',
    secret,
    baseURL: isLoopback(ORIGIN)
      ? { allowedHosts: LOOPBACK.flatMap((host) => [host, `${host}:*`]), protocol: 'http', fallback: ORIGIN }
      : ORIGIN,
    database: drizzleAdapter(consoleDb(), { provider: 'pg', schema: { user, session, account, verification, twoFactor } }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    plugins: oidc ? [secondFactor, providerPlugin(oidc)] : [secondFactor],
    user: { additionalFields: { role: { type: 'string', required: true, defaultValue: 'viewer', input: false } } },
    // The provider's tokens are asked for who somebody is, and never kept.
    account: { updateAccountOnSignIn: false, accountLinking: { enabled: false } },
    // A session lasts a week from sign-in. Looking at a page never writes to the database.
    session: { expiresIn: WEEK_SECONDS, disableSessionRefresh: true },
    hooks: signInHooks,
    databaseHooks: closedAccountHooks,
    onAPIError: { errorURL: REFUSED_AT, onError: logBug },
    // One bucket for each peer: bin/web.ts writes its address over whatever the client wrote there.
    rateLimit: {
      enabled: true,
      storage: 'memory',
      customRules: { '/sign-in/*': ATTEMPTS, '/two-factor/*': ATTEMPTS, '/callback/*': RETURNS },
    },
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
const WITH_PROVIDER = ['/api/auth/sign-in/social', '/api/auth/callback/']

/**
 * Answers a request to better-auth. Sign-in by the provider has an instance of its own, which alone waits for the
 * provider: while that is silent, passwords and sessions work. What the rate limit refuses is written into the audit.
 */
export async function answerAuth(request: Request): Promise<Response> {
  const why = await unsoundBody(request)
  if (why !== undefined) return Response.json({ code: 'INVALID_INPUT', message: why }, { status: 400 })
  const { pathname } = new URL(request.url)
  const provider = WITH_PROVIDER.some((path) => pathname.startsWith(path))
  const answer = await madeOnce(provider).handler(request)
  if (answer.status === 429 && answer.headers.has('x-retry-after')) await noteLimited(pathname, whereOf(request.headers))
  return answer
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
