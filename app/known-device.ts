import { type Device, deviceCookie, isKnownTo, KNOWN_SECONDS, readDevice } from '@/db/console/known-devices'
import type { Ctx } from './sign-in-context'

const NAME = 'device'

/** better-auth's names for it, over http and https. */
const NAMES = ['proctor.device', '__Secure-proctor.device']

/** What the cookie of a browser says that has signed in before, where this console wrote it. */
export function deviceOf(headers: Headers | undefined): Device | undefined {
  const cookies = headers?.get('cookie')?.split(/;\s*/) ?? []
  const value = cookies.map((cookie) => cookie.split('=')).find(([name]) => NAMES.includes(name ?? ''))?.[1]
  return readDevice(value)
}

/** Whether this browser has signed in to the account of an address before. */
export const comesFromKnown = (ctx: Ctx, email: string): Promise<boolean> => isKnownTo(deviceOf(ctx.headers), email)

/** Lets this browser through from now on, however often strangers try to sign in to the account. */
export async function rememberDevice(ctx: Ctx, userId: string): Promise<void> {
  const { name, attributes } = ctx.context.createAuthCookie(NAME, { maxAge: KNOWN_SECONDS })
  ctx.setCookie(name, await deviceCookie(userId), attributes)
}
