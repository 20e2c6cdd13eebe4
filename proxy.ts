import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from './app/content-security-policy'
import { ownPath } from './app/own-path'
import { isHttps, isOwnOrigin } from './app/request-origin'
import { unsoundAddress, unsoundEncoded } from './app/sound-input'
import type { Problem } from './db/server/problem'

/** The two names of better-auth's session cookie, over http and https. */
const SESSION_COOKIES = ['proctor.session_token', '__Secure-proctor.session_token']

/** What a visitor without a session may open; sign-in for scripts and probes of a machine are among them. */
const OPEN = /^\/(sign-in|set-up\/|invitation\/|api\/auth\/|healthz$|metrics$)/

/** The largest body of a request; a form with a chain of certificates is the largest that there is. */
const MOST_BYTES = 512 * 1024

const TWO_YEARS_SECONDS = 2 * 365 * 24 * 60 * 60

/**
 * Every request passes here: what comes from another site, is too large or is no text is refused, pages get a policy with
 * a nonce of their own, and a visitor without a session cookie is spared the page's work. The gate itself is
 * app/session.ts, which every page, route and action asks.
 */
export function proxy(request: NextRequest): NextResponse {
  const answer = refusal(request) ?? signInFirst(request) ?? withPolicy(request)
  if (isHttps()) answer.headers.set('strict-transport-security', `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`)
  return answer
}

function refusal({ method, headers, url }: NextRequest): NextResponse | undefined {
  const why = unsoundAddress(new URL(url)) ?? unsoundEncoded(headers.get('cookie') ?? '')
  if (why !== undefined) return refused(400, { kind: 'invalid_input', message: why })
  if (method === 'GET' || method === 'HEAD') return undefined
  if (!isOwnOrigin(headers)) {
    return refused(403, {
      kind: 'insufficient_privilege',
      message: 'This request comes from another site.',
      fix: 'Open the console under the address that it printed at its start, or set PROCTOR_ORIGIN.',
    })
  }
  const length = headers.get('content-length')
  if (length === null && headers.has('transfer-encoding'))
    return refused(411, { kind: 'invalid_input', message: 'Say how long the body is.' })
  if (Number(length) > MOST_BYTES) return refused(413, { kind: 'invalid_input', message: `A body has at most ${MOST_BYTES / 1024} kB.` })
  return undefined
}

const refused = (status: number, problem: Problem): NextResponse => NextResponse.json({ ok: false, problem }, { status })

/** Remembers where a visitor without a session cookie wanted to go. */
function signInFirst(request: NextRequest): NextResponse | undefined {
  const { pathname, search } = request.nextUrl
  if (OPEN.test(pathname) || SESSION_COOKIES.some((name) => request.cookies.has(name))) return undefined
  if (pathname.startsWith('/api/')) return refused(401, { kind: 'insufficient_privilege', message: 'Sign in first.', fix: 'Open /sign-in' })
  const signIn = new URL('/sign-in', request.url)
  const next = ownPath(`${pathname}${search}`)
  if (next !== '/') signIn.searchParams.set('next', next)
  return NextResponse.redirect(signIn)
}

/** Next.js takes the nonce for its own scripts from the request's header; app/layout.tsx reads x-nonce. */
function withPolicy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy(nonce, { development: process.env.NODE_ENV === 'development', https: isHttps() })
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const answer = NextResponse.next({ request: { headers } })
  answer.headers.set('content-security-policy', policy)
  return answer
}

/** All but the build's own files, each by its whole name: an ending that a page's address could have as well would pass it by. */
export const config = {
  matcher: ['/((?!_next/static/|icon\\.svg$).*)'],
}
