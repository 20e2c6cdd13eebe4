import { writeAudit } from './audit'
import type { By } from './roles'
import { peerOf } from './trusted-proxies'

/** Where a sign-in comes from: address of the peer and the browser's own name for itself, as far as they are known. */
export interface SignInFrom {
  from: string | null
  agent: string | null
}

/** Whoever sent it has not shown who they are. */
const nobody = ({ from }: SignInFrom): By => ({ email: 'nobody', from })

/** How somebody showed who they are: a password, a code after it, or the provider by its name. */
export type How = 'password' | 'password and code' | 'password and backup code' | (string & {})

/** Somebody came in or left. */
export const noteSession = (action: 'sign-in' | 'sign-out', email: string, where: SignInFrom, how?: How): Promise<void> =>
  writeAudit({ by: { email, from: where.from }, action, detail: { ...where, how } })

/** What somebody did with their own password or second factor, or was refused for a wrong password or code. */
export const noteOwn = (
  action:
    | 'change-password'
    | 'change-password.refused'
    | 'second-factor.on'
    | 'second-factor.off'
    | 'second-factor.backup-codes'
    | 'second-factor.refused'
    | 'password.refused',
  email: string,
  where: SignInFrom,
): Promise<void> => writeAudit({ by: { email, from: where.from }, action, detail: { ...where } })

/**
 * A sign-in that did not succeed: a wrong password or code (failed), or one that was not looked at (refused). Whoever
 * typed the address has not shown to be its owner, so the actor is nobody.
 */
export const noteFailure = (
  action: 'sign-in.failed' | 'sign-in.refused',
  email: string | null,
  where: SignInFrom,
  more: { how?: How; why?: string; known?: boolean } = {},
): Promise<void> =>
  writeAudit({ by: nobody(where), action, detail: { email: email?.slice(0, 320), ...where, peer: peerOf(where.from), ...more } })

/** At most one line in so many milliseconds for each peer and path, so that a flood does not fill the audit. */
const LIMITED_EVERY = 60_000

const limited = new Map<string, { since: number; times: number }>()

/** Requests that the rate limit refused: the first at once, then one line a minute that says how many there were since. */
export async function noteLimited(path: string, where: SignInFrom): Promise<void> {
  const now = Date.now()
  for (const [key, { since }] of limited) if (now - since > 10 * LIMITED_EVERY) limited.delete(key)
  const key = `${where.from} ${path}`
  const before = limited.get(key)
  if (before && now - before.since < LIMITED_EVERY) {
    before.times++
    return
  }
  limited.set(key, { since: now, times: 0 })
  await writeAudit({ by: nobody(where), action: 'request.limited', detail: { path, times: (before?.times ?? 0) + 1, ...where } })
}
