import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'
import { auth, requestOrigin } from './auth'
import { ADDRESS_HEADER } from './client-address'

/**
 * Hands a form on to better-auth as the HTTP request that its rate limit and origin check look at, and its
 * cookies back to the browser. For server actions.
 */
export async function passOn(path: string, body: Record<string, string | boolean>): Promise<Response> {
  const incoming = await headers()
  const sent = new Headers({ 'content-type': 'application/json' })
  for (const name of ['host', 'cookie', 'origin', 'user-agent', ADDRESS_HEADER]) {
    const value = incoming.get(name)
    if (value) sent.set(name, value)
  }
  const url = new URL(`/api/auth${path}`, requestOrigin(incoming.get('host')))
  const answer = await auth().handler(new Request(url, { method: 'POST', headers: sent, body: JSON.stringify(body) }))
  const jar = await cookies()
  for (const [name, cookie] of parseSetCookieHeader(answer.headers.get('set-cookie') ?? '')) {
    if (name) jar.set(name, cookie.value, toCookieOptions(cookie))
  }
  return answer
}

/** What a refused sign-in or change of a password says about too many attempts. */
export const tooMany = (answer: Response): string => `Too many attempts. Try again in ${answer.headers.get('x-retry-after') ?? 10} s.`
