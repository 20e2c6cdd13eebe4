import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { audit } from './schema'

/** So many failures … */
const MOST_FAILURES = 10
/** … within so many minutes, and the address waits until the oldest of them is that old. */
const WITHIN_MINUTES = 15

/** Where a sign-in comes from: address of the peer and the browser's own name for itself, as far as they are known. */
export interface SignInFrom {
  from: string | null
  agent: string | null
}

/** Somebody came in or left. */
export const noteSession = (action: 'sign-in' | 'sign-out', email: string, where: SignInFrom): Promise<void> =>
  writeAudit({ actor: email, action, detail: { ...where } })

/** Somebody chose another password, or gave a wrong old one. */
export const notePassword = (action: 'change-password' | 'change-password.refused', email: string, where: SignInFrom): Promise<void> =>
  writeAudit({ actor: email, action, detail: { ...where } })

/**
 * A sign-in that did not succeed: a wrong password (failed), or one that was not looked at (refused). Whoever typed the
 * address has not shown to be its owner, so the actor is nobody.
 */
export const noteFailure = (action: 'sign-in.failed' | 'sign-in.refused', email: string, where: SignInFrom): Promise<void> =>
  writeAudit({ actor: 'nobody', action, detail: { email: email.slice(0, 320), ...where } })

/**
 * Until when an address waits after ten failed sign-ins within 15 minutes, or null. What succeeds, and what is refused
 * meanwhile, does not count; an address without an account waits just so.
 */
export async function waitsUntil(email: string): Promise<Date | null> {
  const failures = await consoleDb()
    .select({ at: audit.at })
    .from(audit)
    .where(
      and(
        gt(audit.at, sql`now() - make_interval(mins => ${WITHIN_MINUTES})`),
        eq(audit.action, 'sign-in.failed'),
        eq(sql`${audit.detail} ->> 'email'`, email.slice(0, 320)),
      ),
    )
    .orderBy(asc(audit.at))
  const oldest = failures.at(-MOST_FAILURES)
  return oldest ? new Date(oldest.at.getTime() + WITHIN_MINUTES * 60_000) : null
}
