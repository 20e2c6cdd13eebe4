import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'
import { answerAuth, requestOrigin } from './auth'
import { ADDRESS_HEADER } from './client-address'

/**
 * Hands a form on to better-auth as the HTTP request that its rate limit and origin check look at, and its
 * cookies back to the browser. For server actions, and for the route that leads to the provider. Next.js and proxy.ts
 * have checked where the request comes from; a plain link carries no Origin, and better-auth wants one.
 */
export async function passOn(path: string, body: Record<string, string | boolean | undefined>): Promise<Response> {
  const incoming = await headers()
  const sent = new Headers({ 'content-type': 'application/json' })
  for (const name of ['host', 'cookie', 'origin', 'user-agent', ADDRESS_HEADER]) {
    const value = incoming.get(name)
    if (value) sent.set(name, value)
  }
  const own = requestOrigin(incoming.get('host'))
  if (!sent.has('origin')) sent.set('origin', own)
  const answer = await answerAuth(
    new Request(new URL(`/api/auth${path}`, own), { method: 'POST', headers: sent, body: JSON.stringify(body) }),
  )
  const jar = await cookies()
  for (const [name, cookie] of parseSetCookieHeader(answer.headers.get('set-cookie') ?? '')) {
    if (name) jar.set(name, cookie.value, toCookieOptions(cookie))
  }
  return answer
}
