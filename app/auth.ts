import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { consoleDb, consoleUrl } from '@/db/console/client'
import { account, session, user, verification } from '@/db/console/schema'
import { ADDRESS_HEADER } from './client-address'
import { CLOSED_PATHS, closedAccountHooks, signInHooks } from './sign-in-hooks'

/** On the console's own machine only these hosts are answered, so that a name which points at 127.0.0.1 (DNS rebinding) gets nothing. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']

const ORIGIN = process.env.PROCTOR_ORIGIN ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`

const isLoopback = (origin: string): boolean => LOOPBACK.includes(new URL(origin).hostname)

/** The address under which a request with this Host header came in: PROCTOR_ORIGIN, or any loopback name of this machine. */
export const requestOrigin = (host: string | null): string => (isLoopback(ORIGIN) && host ? `http://${host}` : ORIGIN)

const WEEK_SECONDS = 7 * 24 * 60 * 60

function makeAuth() {
  const secret = process.env.PROCTOR_SECRET
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  return betterAuth({
    appName: 'Proctor',
    secret,
    baseURL: isLoopback(ORIGIN)
      ? { allowedHosts: LOOPBACK.flatMap((host) => [host, `${host}:*`]), protocol: 'http', fallback: ORIGIN }
      : ORIGIN,
    database: drizzleAdapter(consoleDb(), { provider: 'pg', schema: { user, session, account, verification } }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: { additionalFields: { role: { type: 'string', required: true, defaultValue: 'viewer', input: false } } },
    // A session lasts a week from sign-in. Looking at a page never writes to the database.
    session: { expiresIn: WEEK_SECONDS, disableSessionRefresh: true },
    hooks: signInHooks,
    disabledPaths: CLOSED_PATHS,
    databaseHooks: closedAccountHooks,
    // One bucket for each peer: bin/web.ts writes its address over whatever the client wrote there.
    rateLimit: { enabled: true, storage: 'memory', customRules: { '/sign-in/email': { window: 10, max: 5 } } },
    advanced: {
      cookiePrefix: 'proctor',
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  })
}

let made: { url: string; auth: ReturnType<typeof makeAuth> } | undefined

/** better-auth on the console database; made at the first request, because a build has no database. */
export function auth(): ReturnType<typeof makeAuth> {
  const url = consoleUrl()
  if (made?.url !== url) made = { url, auth: makeAuth() }
  return made.auth
}
