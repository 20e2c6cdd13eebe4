import { type NextRequest, NextResponse } from 'next/server'
import type { Problem } from './db/target/problem'

/** The two names of better-auth's session cookie, over http and https. */
const SESSION_COOKIES = ['proctor.session_token', '__Secure-proctor.session_token']

/**
 * Spares a visitor without a session cookie the page's work and remembers where he wanted to go. The gate
 * itself is app/session.ts, which every page, route and action asks.
 */
export function proxy(request: NextRequest): NextResponse {
  if (SESSION_COOKIES.some((name) => request.cookies.has(name))) return NextResponse.next()
  const { pathname, search } = request.nextUrl
  if (pathname.startsWith('/api/')) {
    const problem: Problem = { kind: 'insufficient_privilege', message: 'Sign in first.', mend: 'Open /sign-in' }
    return NextResponse.json({ ok: false, problem }, { status: 401 })
  }
  const signIn = new URL('/sign-in', request.url)
  if (pathname !== '/') signIn.searchParams.set('next', `${pathname}${search}`)
  return NextResponse.redirect(signIn)
}

export const config = {
  matcher: ['/((?!_next/|api/auth/|sign-in|set-up/|favicon.ico$|icon.svg$|.*\\.(?:png|svg|ico|webmanifest)$).*)'],
}
